// Files of the differential test: cases (a model's bytes and its samples), and what a program made
// of them, as raw doubles.
#ifndef ROLEMIX_TESTS_DIFFERENTIAL_RESULTS_H_
#define ROLEMIX_TESTS_DIFFERENTIAL_RESULTS_H_

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "explain/naive.h"
#include "model/model_file.h"

namespace rolemix {

class File {
 public:
  File(const std::string& path, const char* mode)
      : path_(path), file_(std::fopen(path.c_str(), mode), std::fclose) {
    check(file_ != nullptr);
  }

  void write(std::span<const double> numbers) {
    check(std::fwrite(numbers.data(), sizeof(double), numbers.size(), file_.get()) ==
          numbers.size());
  }
  void write(double number) { write({&number, 1}); }
  void write_bytes(const std::string& bytes) {
    write(static_cast<double>(bytes.size()));
    check(std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size());
  }

  void read(std::span<double> numbers) {
    check(std::fread(numbers.data(), sizeof(double), numbers.size(), file_.get()) ==
          numbers.size());
  }
  double read() {
    double number = 0;
    read({&number, 1});
    return number;
  }
  std::vector<std::uint8_t> read_bytes() {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(read()));
    check(std::fread(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size());
    return bytes;
  }

 private:
  void check(bool good) const {
    if (!good) {
      std::perror(path_.c_str());
      std::exit(2);
    }
  }

  std::string path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

/// A model and samples for it, in the metrics' own units.
struct Case {
  RoleModel model;
  Matrix samples;
};

inline void write(File& file, const Case& entry) {
  file.write_bytes(write_model(entry.model));
  file.write(static_cast<double>(entry.samples.rows()));
  file.write({entry.samples.data(), static_cast<std::size_t>(entry.samples.size())});
}

inline Case read_case(File& file) {
  Case entry;
  entry.model = read_model(file.read_bytes()).value();
  entry.samples.resize(static_cast<Index>(file.read()), entry.model.dimensions());
  file.read({entry.samples.data(), static_cast<std::size_t>(entry.samples.size())});
  return entry;
}

inline void write(File& file, const SampleResult& result) {
  const Explanation& explanation = result.explanation;
  file.write(result.score.anomaly_score);
  file.write(result.score.completed_score);
  file.write(result.score.state);
  file.write(explanation.anomaly_score);
  file.write(explanation.state);
  for (const double share : explanation.responsibilities) {
    file.write(share);
  }
  for (std::size_t d = 0; d < explanation.metrics.size(); ++d) {
    const MetricExplanation& m = explanation.metrics[d];
    const double numbers[] = {m.observed,
                              m.expected,
                              m.low,
                              m.high,
                              m.typical_low,
                              m.typical_high,
                              m.surprise,
                              m.typical_surprise,
                              m.contribution,
                              m.blame,
                              static_cast<double>(m.rank),
                              static_cast<double>(m.reason),
                              static_cast<double>(m.direction),
                              static_cast<double>(explanation.ranking[d])};
    file.write(numbers);
  }
}

inline SampleResult read_result(File& file, const RoleModel& model) {
  SampleResult result;
  Explanation& explanation = result.explanation;
  result.score.anomaly_score = file.read();
  result.score.completed_score = file.read();
  result.score.state = static_cast<int>(file.read());
  explanation.anomaly_score = file.read();
  explanation.state = static_cast<int>(file.read());
  explanation.responsibilities.resize(model.components());
  for (double& share : explanation.responsibilities) {
    share = file.read();
  }
  explanation.metrics.resize(model.metrics.size());
  for (MetricExplanation& m : explanation.metrics) {
    for (double* number :
         {&m.observed, &m.expected, &m.low, &m.high, &m.typical_low, &m.typical_high, &m.surprise,
          &m.typical_surprise, &m.contribution, &m.blame}) {
      *number = file.read();
    }
    m.rank = static_cast<int>(file.read());
    m.reason = static_cast<Reason>(file.read());
    m.direction = static_cast<Direction>(file.read());
    explanation.ranking.push_back(static_cast<int>(file.read()));
  }
  return result;
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_DIFFERENTIAL_RESULTS_H_
