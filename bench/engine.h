// A native engine: a program that reads a problem and then commands, one per line, and answers each
// with a number.
//   score N W, explain N W, quantiles N W: microseconds per row, over the first N rows in calls of
//   W train N I: seconds for I iterations of EM over the first N rows, from start_of_training()
//   likelihoods N FILE: writes N log likelihoods
//   explanations N FILE: writes mean, variance and log surprise, (D, N) each
//   trained N FILE: writes the weights (K) and the means (K, D) of the last `train`
#ifndef ROLEMIX_BENCH_ENGINE_H_
#define ROLEMIX_BENCH_ENGINE_H_

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <numeric>
#include <string>
#include <vector>

#include "problem.h"

namespace rolemix::bench {

/// Of each window of rows the shortest time so far: on a busy machine, where a long run is always
/// interrupted, a short one now and then is not.
class Times {
 public:
  /// Runs work(first, count) over all windows for at least a tenth of a second, then gives the
  /// microseconds per row.
  template <typename Work>
  double measure(Index rows, Index window, const Work& work) {
    constexpr double kEnough = 0.1;
    best_.resize(static_cast<std::size_t>(rows / window), 1e300);
    for (double spent = 0; spent < kEnough;) {
      for (std::size_t i = 0; i < best_.size(); ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work(static_cast<Index>(i) * window, window);
        const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
        best_[i] = std::min(best_[i], taken.count());
        spent += taken.count();
      }
    }
    return std::accumulate(best_.begin(), best_.end(), 0.0) / static_cast<double>(rows) * 1e6;
  }

 private:
  std::vector<double> best_;
};

inline Problem read_problem(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  std::vector<double> numbers(bytes.size() / sizeof(double));
  std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(numbers.data()));
  return from_numbers(numbers.data());
}

inline void write_numbers(const std::string& path, const std::vector<double>& numbers) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(numbers.data()),
             static_cast<std::streamsize>(numbers.size() * sizeof(double)));
}

struct Engine {
  std::function<void(Index first, Index count, double*)> score;  ///< to log likelihoods
  std::function<void(Index first, Index count)> explain;         ///< empty when it cannot
  std::function<void(Index first, Index count)> quantiles;       ///< likewise
  std::function<std::vector<double>(Index)> explanations;
  /// Weights and means after that many iterations, from `start`; empty when it cannot.
  std::function<std::vector<double>(const Problem& start, Index rows, int iterations)> train;
};

/// Seconds of one call.
template <typename Work>
double seconds(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

inline int serve(const Problem& problem, const Engine& engine) {
  std::vector<double> likelihoods(static_cast<std::size_t>(problem.samples.rows()));
  Times score;
  Times explain;
  Times quantiles;
  double training = 1e300;  // the shortest so far, seconds
  std::vector<double> trained;
  std::string command;
  std::string last;  // a number of rows, or a file
  Index rows = 0;
  while (std::cin >> command >> rows >> last) {
    double answer = 0;
    if (command == "score") {
      answer = score.measure(rows, std::stol(last), [&](Index first, Index count) {
        engine.score(first, count, likelihoods.data());
      });
    } else if (command == "explain") {
      answer = explain.measure(rows, std::stol(last), engine.explain);
    } else if (command == "quantiles") {
      answer = quantiles.measure(rows, std::stol(last), engine.quantiles);
    } else if (command == "train") {
      const Problem start = start_of_training(problem, rows);
      training = std::min(training,
                          seconds([&] { trained = engine.train(start, rows, std::stoi(last)); }));
      answer = training;
    } else if (command == "trained") {
      write_numbers(last, trained);
    } else if (command == "likelihoods") {
      engine.score(0, rows, likelihoods.data());
      write_numbers(last, {likelihoods.begin(), likelihoods.begin() + rows});
    } else if (command == "explanations") {
      write_numbers(last, engine.explanations(rows));
    }
    std::cout << answer << std::endl;
  }
  return 0;
}

}  // namespace rolemix::bench

#endif  // ROLEMIX_BENCH_ENGINE_H_
