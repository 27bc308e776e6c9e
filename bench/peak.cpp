// Engine peak-*: answers every line with the GFLOP/s that the instruction set it is compiled for
// reaches.
#include "peak.h"

#include "engine.h"

int main() {
  using namespace rolemix::bench;
  double numbers[3] = {0.999999, 1e-6, 0};
  double operations = 0;
  Times times;
  for (std::string line; std::getline(std::cin, line);) {
    const rolemix::Index rounds = 10000;
    const double time = times.measure(rounds, rounds, [&](rolemix::Index, rolemix::Index count) {
      operations = peak_work(count, numbers);
    });
    std::cout << operations / rounds / time * 1e-3 << std::endl;
  }
  return numbers[2] < 0 ? 1 : 0;
}
