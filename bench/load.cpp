// Prints the milliseconds that reading a model and the first score take in this new process.
#include <chrono>
#include <iostream>

#include "kernel/kernel.h"
#include "model/model_file.h"
#include "source/files.h"

int main(int, char** arguments) {
  using namespace rolemix;
  const auto begin = std::chrono::steady_clock::now();
  const auto bytes = read_file(arguments[1]);
  const auto model =
      read_model({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()});
  const Kernel kernel(*validated_mixture(*model));
  const Vector zeros = Vector::Zero(model->dimensions());
  BatchScores scores;
  kernel.score(zeros.data(), 1, Responsibilities::kLeftOut, scores);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
  std::cout << "{\"load\": " << taken.count() << "}\n";
  return scores.log_likelihood[0] < 0 ? 0 : 1;
}
