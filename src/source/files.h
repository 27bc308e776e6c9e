// Tables from files, and all bytes of a file.
#ifndef ROLEMIX_SOURCE_FILES_H_
#define ROLEMIX_SOURCE_FILES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "table/sample_table.h"
#include "table/table_options.h"

namespace rolemix {

/// What a file may hold, bytes: a model is of 17 MB at most, a configuration never near that.
constexpr std::size_t kMostFileBytes = std::size_t{64} << 20;

/// Called before a file is read: its name, how many files are done, how many there are in all. May
/// be empty.
using FileProgress =
    std::function<void(std::string_view file, std::size_t done, std::size_t total)>;

/// One table from all inputs, in their order. An input is a file of CSV or of a Prometheus answer
/// (*.json, or what starts with a brace), a folder (its *.csv, *.json and their *.gz and those of
/// its sub-folders in order of name, without hidden ones) or `-` for standard input. Answers of
/// Prometheus, and CSV whose columns are series, are merged: their metrics of one host and time are
/// one row, at the place of the first of them. `options` are of each of them, but for `named`.
/// Anything that starts like gzip is unzipped. A file that is no table is left out with a notice,
/// `file_left_out`, where another is one. Errors: source_failed for what cannot be read and for a
/// folder without such files, those of parse_csv, parse_prometheus and gunzip of the first file
/// where none is a table, those of merge, invalid_argument without inputs, too_large where a file's
/// text, or the tables of all, as of table_bytes, are more than `options.most_bytes`.
Result<SampleTable> read_tables(const std::vector<std::string>& inputs,
                                const FileProgress& progress = {}, TableOptions options = {});

/// Whether a file of this name is read with its folder.
bool is_table_name(std::string_view name);

/// The inputs with each folder replaced by the files in it that are read. Errors: source_failed.
Result<std::vector<std::string>> list_tables(const std::vector<std::string>& inputs);

/// What is read with a folder: files of tables, and the folder with all folders in it, each once
/// however many links lead there; both in order of name. Errors: source_failed.
struct FolderContent {
  std::vector<std::string> files;
  std::vector<std::string> folders;
};
Result<FolderContent> list_folder(const std::string& folder);

/// All bytes of a file. Errors: source_failed; too_large, of more than `most_bytes`.
Result<std::string> read_file(const std::string& path, std::uint64_t most_bytes = kMostFileBytes);

}  // namespace rolemix

#endif  // ROLEMIX_SOURCE_FILES_H_
