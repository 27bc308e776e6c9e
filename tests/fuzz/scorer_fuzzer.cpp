// Of any samples of a model of any shape: the kernel says with any instruction set what the plain
// mixture says, and every number is one that the headers promise.
#include <fuzzer/FuzzedDataProvider.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include "explain/agreement.h"
#include "explain/naive.h"
#include "fuzz/use_model.h"
#include "model/units.h"
#include "model/varied_model.h"

namespace rolemix {
namespace {

ModelShape shape_from(FuzzedDataProvider& bytes) {
  ModelShape shape;
  shape.dimensions = bytes.ConsumeIntegralInRange<Index>(1, 12);
  shape.components = bytes.ConsumeIntegralInRange<Index>(1, 6);
  shape.condition = std::pow(10, bytes.ConsumeFloatingPointInRange<double>(0, 8));
  shape.separation = bytes.ConsumeFloatingPointInRange<double>(0, 50);
  shape.transforms = bytes.ConsumeBool();
  shape.directions = bytes.ConsumeBool();
  return shape;
}

double value_from(FuzzedDataProvider& bytes, const RoleModel& model, Index d) {
  const Index k = bytes.ConsumeIntegralInRange<Index>(0, model.components() - 1);
  const double mean = model.means(k, d);
  const double deviation = std::sqrt(model.covariances[k](d, d));
  switch (bytes.ConsumeIntegralInRange<int>(0, 4)) {
    case 0:
      return from_model_units(model.metrics[d], mean);
    case 1:
      return std::numeric_limits<double>::quiet_NaN();
    case 2:
      return std::bit_cast<double>(bytes.ConsumeIntegral<std::uint64_t>());
    default:
      return from_model_units(
          model.metrics[d], mean + deviation * bytes.ConsumeFloatingPointInRange<double>(-50, 50));
  }
}

Matrix samples_from(FuzzedDataProvider& bytes, const RoleModel& model) {
  Matrix samples(bytes.ConsumeIntegralInRange<Index>(1, 8), model.dimensions());
  for (Index row = 0; row < samples.rows(); ++row) {
    for (Index d = 0; d < samples.cols(); ++d) {
      samples(row, d) = value_from(bytes, model, d);
    }
  }
  return samples;
}

[[noreturn]] void fail(InstructionSet set, const std::string& wrong) {
  std::fprintf(stderr, "scorer_fuzzer, %s: %s\n", std::string(name(set)).c_str(), wrong.c_str());
  std::abort();
}

void check(const Naive& naive, const Matrix& samples, InstructionSet set) {
  Scorer scorer = Scorer::create(naive.model(), set).value();
  Explainer explainer(scorer);
  Differences differences;
  Agreement agreement(naive, differences);
  const SampleScores scores = scorer.score_rows(samples);
  const std::vector<Explanation> explanations = explainer.explain_rows(samples);
  for (Index row = 0; row < samples.rows(); ++row) {
    const Vector values = samples.row(row).transpose();
    agreement.compare(values, naive(values),
                      {{scores.anomaly_score[row], scores.completed_score[row], scores.state[row]},
                       explanations[row]});
    if (std::string wrong = wrong_with(scorer, explainer, values); !wrong.empty()) {
      fail(set, wrong);
    }
  }
  if (!differences.above.empty()) {
    fail(set, differences.above.front());
  }
}

}  // namespace
}  // namespace rolemix

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  FuzzedDataProvider bytes(data, size);
  rolemix::Random random(bytes.ConsumeIntegral<std::uint64_t>());
  const rolemix::RoleModel model = rolemix::varied_model(random, rolemix::shape_from(bytes));
  const rolemix::Naive naive(model);
  const std::vector<rolemix::InstructionSet> sets = rolemix::instruction_sets();
  const rolemix::InstructionSet set =
      bytes.PickValueInArray({sets.front(), sets[sets.size() / 2], sets.back()});
  const rolemix::Matrix samples = rolemix::samples_from(bytes, model);
  rolemix::check(naive, samples, set);
  return 0;
}
