// Engine rolemix-native: PROBLEM [INSTRUCTION_SET]; the best set of the machine unless named.
#include "engine.h"
#include "kernel/kernel.h"

int main(int count, char** arguments) {
  using namespace rolemix;
  const bench::Problem problem = bench::read_problem(arguments[1]);
  const auto mixture = GaussianMixture::create(problem.weights, problem.means, problem.covariances);
  InstructionSet set = instruction_sets().back();
  if (count > 2) {
    const auto sets = instruction_sets();
    const auto found = std::find_if(sets.begin(), sets.end(), [&](InstructionSet candidate) {
      return name(candidate) == arguments[2];
    });
    if (found == sets.end()) {
      std::cerr << "this machine lacks " << arguments[2] << '\n';
      return 3;
    }
    set = *found;
  }
  Kernel kernel(*mixture, set);
  kernel.set_whitening(bench::any_whitening(problem));
  BatchScores scores;
  BatchExplanations explained;
  bench::Engine engine;
  engine.score = [&](Index first, Index rows, double* out) {
    kernel.score(problem.samples.row(first).data(), rows, Responsibilities::kLeftOut, scores);
    std::copy_n(scores.log_likelihood.data(), rows, out);
  };
  engine.explain = [&](Index first, Index rows) {
    kernel.surprises(problem.samples.row(first).data(), rows, explained);
  };
  engine.quantiles = [&](Index first, Index rows) {
    kernel.explain(problem.samples.row(first).data(), nullptr, rows, explained);
  };
  engine.explanations = [&](Index rows) {
    kernel.surprises(problem.samples.data(), rows, explained);
    std::vector<double> numbers;
    for (const Matrix* part :
         {&explained[kMean], &explained[kVariance], &explained[kLogSurprise]}) {
      numbers.insert(numbers.end(), part->data(), part->data() + part->size());
    }
    return numbers;
  };
  return bench::serve(problem, engine);
}
