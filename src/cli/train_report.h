// What a training run did, for people and for programs.
#ifndef ROLEMIX_CLI_TRAIN_REPORT_H_
#define ROLEMIX_CLI_TRAIN_REPORT_H_

#include <cstddef>
#include <string>

#include "train/train.h"

namespace rolemix::cli {

/// `output` is the model's file, of `bytes` bytes.
std::string report_text(const TrainResult& result, const std::string& output, std::size_t bytes);

/// The same as JSON.
std::string report_json(const TrainResult& result, const std::string& output);

}  // namespace rolemix::cli

#endif  // ROLEMIX_CLI_TRAIN_REPORT_H_
