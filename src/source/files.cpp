#include "source/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "source/descriptor.h"
#include "source/gzip.h"
#include "table/csv.h"
#include "table/prometheus.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> fail_too_large(const std::string& name, std::uint64_t most_bytes,
                                      const std::string& got) {
  return fail(ErrorCode::kTooLarge,
              name + ": expected at most " + size_text(most_bytes) + ", got " + got);
}

Result<std::string> read_all(int descriptor, const std::string& name, std::uint64_t most_bytes) {
  constexpr std::size_t kStep = std::size_t{1} << 16;
  struct stat status{};
  const bool has_size = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  const auto file_size = has_size ? static_cast<std::uint64_t>(status.st_size) : 0;
  if (file_size > most_bytes) {
    return fail_too_large(name, most_bytes, std::to_string(file_size) + " bytes");
  }
  std::string bytes;
  // One byte more than the file has: the read that finds the end needs no further room.
  std::size_t room = std::max<std::size_t>(file_size + 1, kStep);
  for (;;) {
    // The last step is not to be a short one: a string that grows takes twice its size.
    if (bytes.size() == room) room = room >= most_bytes / 2 ? most_bytes + 1 : 2 * room;
    ssize_t got = 0;
    // Room that is not written to takes no memory.
    bytes.resize_and_overwrite(room, [&, size = bytes.size()](char* data, std::size_t end) {
      got = ::read(descriptor, data + size, end - size);
      return size + static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    });
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(name, errno);
    if (got == 0) return bytes;
    if (bytes.size() > most_bytes) return fail_too_large(name, most_bytes, "more");
  }
}

/// Device and number of folders that were read.
using Known = std::set<std::pair<dev_t, ino_t>>;

/// Adds what is in a folder, unless it was read before: links may lead in circles.
std::error_code add_content(const std::string& folder, Known& known, FolderContent& content) {
  struct stat status{};
  if (::stat(folder.c_str(), &status) != 0) return {errno, std::generic_category()};
  if (!known.emplace(status.st_dev, status.st_ino).second) return {};
  content.folders.push_back(folder);
  std::error_code error;
  std::vector<fs::directory_entry> entries;
  fs::directory_iterator entry(folder, error);
  while (!error && entry != fs::directory_iterator()) {
    entries.push_back(*entry);
    entry.increment(error);
  }
  std::ranges::sort(entries);
  for (std::size_t i = 0; !error && i < entries.size(); ++i) {
    std::error_code gone;  // or a link that leads nowhere
    const std::string name = entries[i].path().filename().string();
    if (name.starts_with('.')) continue;
    if (entries[i].is_directory(gone)) {
      error = add_content(entries[i].path().string(), known, content);
    } else if (is_table_name(name) && entries[i].is_regular_file(gone)) {
      content.files.push_back(entries[i].path().string());
    }
  }
  return error;
}

bool is_json(std::string_view bytes, std::string_view name) {
  return name.ends_with(".json") || name.ends_with(".json.gz") || looks_like_json(bytes);
}

// The tables of the inputs so far.
struct Tables {
  std::vector<SampleTable> whole;
  std::vector<SampleTable> parts;  // each with some metrics of the same hosts
  std::size_t whole_before_parts = 0;
  std::uint64_t bytes = 0;  // of all, as of table_bytes
};

/// An answer is a part as well as a file of series.
Result<CsvTable> parse(const std::string& bytes, const std::string& name,
                       const TableOptions& options) {
  if (!is_json(bytes, name)) return read_csv(bytes, name, options);
  Result<SampleTable> table = parse_prometheus(bytes, name, options);
  if (!table) return std::unexpected(std::move(table.error()));
  return CsvTable{std::move(*table), true};
}

Result<void> read_table(Tables& tables, const std::string& name, Result<std::string> bytes,
                        const TableOptions& options) {
  const std::uint64_t most_bytes = options.most_bytes;
  if (bytes && is_gzip(*bytes)) bytes = gunzip(*bytes, name, most_bytes);
  if (!bytes) return std::unexpected(std::move(bytes.error()));
  Result<CsvTable> read = parse(*bytes, name, options);
  if (!read) return std::unexpected(std::move(read.error()));
  auto& [table, is_part] = *read;
  tables.bytes += table_bytes(table.timestamps.size(), table.metrics.size());
  if (tables.bytes > most_bytes) {
    return fail(ErrorCode::kTooLarge, name + ": expected tables of at most " +
                                          size_text(most_bytes) +
                                          " (8 bytes x rows x (metrics + 2)) in all, got " +
                                          std::to_string(tables.bytes) + " bytes so far");
  }
  if (is_part && tables.parts.empty()) tables.whole_before_parts = tables.whole.size();
  (is_part ? tables.parts : tables.whole).push_back(std::move(table));
  return {};
}

// Says why; the message begins with the file's name, and often its line.
Notice file_left_out(const std::string& name, std::string message) {
  if (message.starts_with(name + ": ")) message.erase(0, name.size() + 2);
  Notice said = notice("file_left_out", "the file is left out: " + message);
  said.file = name;
  said.left_out = true;
  return said;
}

/// What is so in several files, and leaves nothing out, is said of the first. As saidOnce of
/// js/src/notice.ts.
std::vector<Notice> said_once(std::vector<Notice> notices) {
  constexpr std::array<std::string_view, 3> kUsual = {"times_without_zone", "host_by_file",
                                                      "index_left_out"};
  std::map<std::pair<std::string, std::string>, std::size_t> counts;
  std::vector<Notice> kept;
  for (Notice& said : notices) {
    const bool is_usual = std::ranges::find(kUsual, said.code) != kUsual.end();
    if (!is_usual || counts[{said.code, said.text}]++ == 0) kept.push_back(std::move(said));
  }
  for (Notice& said : kept) {
    const auto found = counts.find({said.code, said.text});
    const std::size_t more = found == counts.end() ? 0 : found->second - 1;
    if (more == 0) continue;
    said.text += "; so in " + std::to_string(more) + (more == 1 ? " more file" : " more files");
  }
  return kept;
}

// Tables of other metrics take more together than each by itself.
Result<void> check_size(const std::vector<SampleTable>& tables, std::uint64_t most_bytes) {
  if (tables.size() == 1) return {};
  std::set<std::string_view> metrics;
  std::size_t rows = 0;
  for (const SampleTable& table : tables) {
    metrics.insert(table.metrics.begin(), table.metrics.end());
    rows += table.timestamps.size();
  }
  return check_table_size(rows, metrics.size(), most_bytes);
}

Result<SampleTable> join(Tables tables, std::uint64_t most_bytes) {
  if (!tables.parts.empty()) {
    Result<SampleTable> merged = merge(std::move(tables.parts), Contradiction::kKept);
    if (!merged) return merged;
    tables.whole.insert(
        tables.whole.begin() + static_cast<std::ptrdiff_t>(tables.whole_before_parts),
        std::move(*merged));
  }
  if (auto size = check_size(tables.whole, most_bytes); !size) return std::unexpected(size.error());
  return concatenate(std::move(tables.whole));
}

}  // namespace

bool is_table_name(std::string_view name) {
  constexpr std::array<std::string_view, 4> kEndings = {".csv", ".csv.gz", ".json", ".json.gz"};
  return !name.starts_with('.') &&
         std::ranges::any_of(kEndings, [&](std::string_view end) { return name.ends_with(end); });
}

Result<FolderContent> list_folder(const std::string& folder) {
  FolderContent content;
  Known known;
  const std::error_code error = add_content(folder, known, content);
  if (error) return fail_errno(folder, error.value());
  return content;
}

Result<std::vector<std::string>> list_tables(const std::vector<std::string>& inputs) {
  std::vector<std::string> files;
  for (const std::string& input : inputs) {
    std::error_code error;
    if (input == "-" || !fs::is_directory(input, error)) {
      files.push_back(input);
      continue;
    }
    const Result<FolderContent> folder = list_folder(input);
    if (!folder) return std::unexpected(folder.error());
    if (folder->files.empty()) {
      return fail_file(input, "expected *.csv, *.json or *.gz of these, got none");
    }
    files.insert(files.end(), folder->files.begin(), folder->files.end());
  }
  return files;
}

Result<SampleTable> read_tables(const std::vector<std::string>& inputs,
                                const FileProgress& progress, TableOptions options) {
  if (inputs.empty()) {
    return fail(ErrorCode::kInvalidArgument, "expected at least one file or folder, got none");
  }
  const Result<std::vector<std::string>> files = list_tables(inputs);
  if (!files) return std::unexpected(files.error());
  Tables tables;
  std::vector<Notice> left_out;
  Result<void> first;  // that failed
  std::size_t done = 0;
  for (const std::string& file : *files) {
    const bool is_standard_input = file == "-";
    const std::string name = is_standard_input ? "standard input" : file;
    if (progress) progress(name, done++, files->size());
    Result<std::string> bytes = is_standard_input ? read_all(STDIN_FILENO, name, options.most_bytes)
                                                  : read_file(file, options.most_bytes);
    if (!bytes) return std::unexpected(std::move(bytes.error()));
    options.named = !is_standard_input;
    Result<void> read = read_table(tables, name, std::move(bytes), options);
    if (read) continue;
    if (read.error().code == ErrorCode::kTooLarge) return std::unexpected(std::move(read.error()));
    left_out.push_back(file_left_out(name, read.error().message));
    if (first) first = std::move(read);
  }
  if (tables.whole.empty() && tables.parts.empty())
    return std::unexpected(std::move(first.error()));
  Result<SampleTable> table = join(std::move(tables), options.most_bytes);
  if (table) {
    table->notices = said_once(std::move(table->notices));
    std::ranges::move(left_out, std::back_inserter(table->notices));
  }
  return table;
}

Result<std::string> read_file(const std::string& path, std::uint64_t most_bytes) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.is_open()) return fail_errno(path, errno);
  return read_all(file.number(), path, most_bytes);
}

}  // namespace rolemix
