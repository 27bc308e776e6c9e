// Says with one program per target, on the same cases, what the other targets must say too:
//   differential make CASES SEED MODELS        random models and samples
//   differential run CASES SET RESULTS         an instruction set, or `mixture` for the oracle
//   differential compare CASES RESULTS RESULTS the largest differences; fails above the bound
//   differential sets                          this machine's instruction sets
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "differential/results.h"
#include "explain/agreement.h"
#include "model/varied_model.h"

namespace rolemix {
namespace {

constexpr Index kRows = 24;

int make(const std::string& path, std::uint64_t seed, int models) {
  Random random(seed);
  File cases(path, "wb");
  cases.write(models);
  for (int i = 0; i < models; ++i) {
    const RoleModel model = varied_model(random, random_shape(random));
    write(cases, {model, varied_samples(random, model, kRows)});
  }
  return 0;
}

void run_mixture(const Case& entry, File& results) {
  const Naive naive(entry.model);
  for (Index row = 0; row < entry.samples.rows(); ++row) {
    write(results, naive(entry.samples.row(row).transpose()));
  }
}

void run_kernel(const Case& entry, InstructionSet set, File& results) {
  Scorer scorer = Scorer::create(entry.model, set).value();
  Explainer explainer(scorer);
  const SampleScores scores = scorer.score_rows(entry.samples);
  const std::vector<Explanation> explanations = explainer.explain_rows(entry.samples);
  for (Index row = 0; row < entry.samples.rows(); ++row) {
    write(results, {{scores.anomaly_score[row], scores.completed_score[row], scores.state[row]},
                    explanations[row]});
  }
}

int run(const std::string& path, const std::string& wanted, const std::string& results_path) {
  const std::vector<InstructionSet> sets = instruction_sets();
  const auto set =
      std::ranges::find_if(sets, [&](InstructionSet here) { return name(here) == wanted; });
  if (wanted != "mixture" && set == sets.end()) {
    std::fprintf(stderr, "differential: this machine has no %s\n", wanted.c_str());
    return 2;
  }
  File cases(path, "rb");
  File results(results_path, "wb");
  const double count = cases.read();
  for (int i = 0; i < count; ++i) {
    const Case entry = read_case(cases);
    if (wanted == "mixture") {
      run_mixture(entry, results);
    } else {
      run_kernel(entry, *set, results);
    }
  }
  return 0;
}

/// Conditions of 1e4 and less, and then by factors of 100.
int band_of(double condition) {
  return condition <= 1e4 ? 4 : condition <= 1e6 ? 6 : condition <= 1e8 ? 8 : 10;
}

int compare(const std::string& path, const std::string& a, const std::string& b) {
  File cases(path, "rb");
  File first(a, "rb");
  File second(b, "rb");
  std::map<int, Differences> bands;
  std::map<std::string, std::map<int, double>> table;
  Index samples = 0;
  const double count = cases.read();
  for (int i = 0; i < count; ++i) {
    const Case entry = read_case(cases);
    const Naive naive(entry.model);
    Agreement agreement(naive, bands[band_of(condition_of(entry.model))]);
    samples += entry.samples.rows();
    for (Index row = 0; row < entry.samples.rows(); ++row) {
      agreement.compare(entry.samples.row(row).transpose(), read_result(first, entry.model),
                        read_result(second, entry.model));
    }
  }
  std::size_t above = 0;
  int undecided = 0;
  std::printf("%td samples; largest differences\n%-18s", samples, "condition up to");
  for (const auto& [band, differences] : bands) {
    std::printf("    1e%-2d", band);
    above += differences.above.size();
    undecided += differences.undecided;
    for (const auto& [field, largest] : differences.largest) {
      table[field][band] = largest;
    }
  }
  for (const auto& [field, by_band] : table) {
    std::printf("\n%-18s", field.c_str());
    for (const auto& [band, largest] : by_band) {
      std::printf(" %7.1e", largest);
    }
  }
  std::printf("\n%d samples left out as undecided, %zu above the bound\n", undecided, above);
  for (const auto& [band, differences] : bands) {
    for (std::size_t i = 0; i < differences.above.size() && i < 10; ++i) {
      std::printf("%s\n", differences.above[i].c_str());
    }
  }
  return above == 0 ? 0 : 1;
}

}  // namespace
}  // namespace rolemix

int main(int count, char** values) {
  const std::vector<std::string> arguments(values + 1, values + count);
  const std::string verb = arguments.size() == 4 ? arguments[0] : "";
  if (verb == "make") {
    return rolemix::make(arguments[1], std::strtoull(arguments[2].c_str(), nullptr, 10),
                         std::atoi(arguments[3].c_str()));
  }
  if (verb == "run") {
    return rolemix::run(arguments[1], arguments[2], arguments[3]);
  }
  if (verb == "compare") {
    return rolemix::compare(arguments[1], arguments[2], arguments[3]);
  }
  if (arguments == std::vector<std::string>{"sets"}) {
    for (const rolemix::InstructionSet set : rolemix::instruction_sets()) {
      std::printf("%s\n", std::string(rolemix::name(set)).c_str());
    }
    return 0;
  }
  std::fprintf(stderr, "differential: expected make, run or compare with three arguments\n");
  return 2;
}
