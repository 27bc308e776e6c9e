// FOLDER of a simulated role: prints the seconds that reading its metrics and training its model
// take, on all cores, and the most memory that this process ever had.
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>
#include <thread>

#include "config/role_config.h"
#include "source/files.h"
#include "train/train.h"

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int, char** arguments) {
  using namespace rolemix;
  const std::string folder = arguments[1];
  const auto config = read_file(folder + "/role.yaml");
  auto options = parse_role_config(config.value_or(""), "role.yaml");
  auto begin = std::chrono::steady_clock::now();
  const auto table = read_tables({folder + "/metrics"});
  const double reading = seconds_since(begin);
  if (!options || !table) {
    std::cerr << (options ? table.error() : options.error()).message << "\n";
    return 1;
  }
  options->threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  begin = std::chrono::steady_clock::now();
  const auto trained = train(*table, *options, [](const std::string&, double) {});
  const double training = seconds_since(begin);
  if (!trained) {
    std::cerr << trained.error().message << "\n";
    return 1;
  }
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::cout << "{\"rows\": " << table->rows() << ", \"metrics\": " << trained->model.dimensions()
            << ", \"components\": " << trained->model.components() << ", \"reading\": " << reading
            << ", \"training\": " << training
            << ", \"megabytes\": " << static_cast<double>(used.ru_maxrss) * 1024 / 1e6 << "}\n";
  return 0;
}
