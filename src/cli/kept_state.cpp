#include "cli/kept_state.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <system_error>

#include "alert/alert_state_file.h"
#include "cli/common.h"
#include "source/files.h"
#include "source/write_file.h"

namespace rolemix::cli {
namespace {

Result<AlertState> state_of(const std::string& bytes, const RoleModel& model) {
  return read_alert_state(
      std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), model);
}

void note_model(const AlertState& state, const std::string& path, const RoleModel& model,
                std::vector<Notice>& notices) {
  if (state.model_id != model.model_id) {
    notices.push_back(notice(
        "state_of_another_model",
        fmt::format("written with model {}, goes on with {}", state.model_id, model.model_id)));
    notices.back().file = path;
  }
}

}  // namespace

Result<AlertState> load_state(const std::string& path, const RoleModel& model,
                              std::vector<Notice>& notices) {
  const auto bytes = read_file(path, kMostStateBytes);
  if (!bytes) {
    return std::unexpected(bytes.error());
  }
  auto state = state_of(*bytes, model);
  if (!state) {
    return fail(state.error().code, path + ": " + state.error().message);
  }
  note_model(*state, path, model, notices);
  return state;
}

Result<AlertState> load_or_begin_state(const std::string& path, const RoleModel& model,
                                       bool recover, std::vector<Notice>& notices) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) {
    return AlertState();
  }
  const auto bytes = read_file(path, kMostStateBytes);
  if (!bytes) {
    return std::unexpected(bytes.error());
  }
  auto state = state_of(*bytes, model);
  if (!state && recover) {
    notices.push_back(
        notice("state_lost",
               fmt::format("{}; starts from these samples: alerts that were open, and what hosts "
                           "were like before, are not known; the old file is kept as {}.damaged",
                           state.error().message, path)));
    notices.back().file = path;
    if (auto kept = write_file_atomically(path + ".damaged", *bytes, path); !kept) {
      return std::unexpected(kept.error());
    }
    return AlertState();
  }
  if (!state) {
    return fail(state.error().code, fmt::format("{}: {}; --state-recover starts from the samples",
                                                path, state.error().message));
  }
  note_model(*state, path, model, notices);
  return state;
}

Result<FileLock> lock_state(const std::string& path, std::vector<Notice>& notices) {
  // A run over an hour's samples of a role takes a second or two.
  constexpr std::chrono::seconds kPatience(10);
  auto lock = FileLock::acquire(path, kPatience, [&] {
    message(fmt::format("{}: waiting up to {} s for another run with this state", path,
                        kPatience.count()));
  });
  if (lock && !lock->is_held()) {
    notices.push_back(notice("state_not_locked",
                             "its file system has no locks: two runs at the same time would both "
                             "tell of the same alerts"));
    notices.back().file = path;
  }
  return lock;
}

}  // namespace rolemix::cli
