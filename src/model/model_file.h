// Bytes <-> RoleModel. docs/model-format.md describes the bytes.
#ifndef ROLEMIX_MODEL_MODEL_FILE_H_
#define ROLEMIX_MODEL_MODEL_FILE_H_

#include <cstdint>
#include <limits>
#include <span>
#include <string>

#include "base/error.h"
#include "model/role_model.h"

namespace rolemix {

constexpr std::uint16_t kModelFormatVersion = 3;

/// The model as bytes; the same model gives the same bytes.
std::string write_model(const RoleModel& model);

/// Reads a model and checks every byte of it before use: identifier, digest, version, structure,
/// and the meaning of every number (validated_mixture). Errors: bad_format, unsupported_version,
/// those of validated_mixture, and too_large where work_of the model is beyond `most_work`.
Result<RoleModel> read_model(std::span<const std::uint8_t> bytes,
                             double most_work = std::numeric_limits<double>::infinity());

}  // namespace rolemix

#endif  // ROLEMIX_MODEL_MODEL_FILE_H_
