#include "source/files.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "source/files_test_folder.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsNan;

constexpr std::string_view kMonday = "timestamp,host,cpu\n100,web-1,1\n160,web-1,2\n";
constexpr std::string_view kTuesday = "timestamp,host,disk,cpu\n100,web-2,30,3\n";

class ReadTables : public FilesTest {
 protected:
  std::string write_gzip(const std::string& name, std::string_view bytes) const {
    const gzFile file = gzopen(path(name).c_str(), "wb");
    EXPECT_EQ(gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())),
              static_cast<int>(bytes.size()));
    gzclose(file);
    return path(name);
  }
};
class ReadFile : public FilesTest {};

// Puts a file in the place of standard input until the end of the scope.
class StandardInput {
 public:
  explicit StandardInput(const std::string& path) : saved_(::dup(STDIN_FILENO)) {
    const int file = ::open(path.c_str(), O_RDONLY);
    ::dup2(file, STDIN_FILENO);
    ::close(file);
  }
  ~StandardInput() {
    ::dup2(saved_, STDIN_FILENO);
    ::close(saved_);
  }

 private:
  int saved_;
};

TEST_F(ReadTables, ReadsOneFile) {
  const auto table = read_tables({write("monday.csv", kMonday)});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->metrics, ElementsAre("cpu"));
  EXPECT_THAT(table->timestamps, ElementsAre(100, 160));
}

TEST_F(ReadTables, JoinsFilesInTheOrderGiven) {
  const auto table = read_tables({write("b.csv", kMonday), write("a.csv", kTuesday)});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_TRUE(validate(*table));
  EXPECT_THAT(table->metrics, ElementsAre("cpu", "disk"));
  EXPECT_THAT(table->hosts, ElementsAre("web-1", "web-2"));
  EXPECT_THAT(table->timestamps, ElementsAre(100, 160, 100));
  EXPECT_THAT(table->values(0, 1), IsNan());
  EXPECT_EQ(table->values(2, 1), 30);
}

TEST_F(ReadTables, ReadsTheTablesOfAFolderInOrderOfName) {
  write("b.csv", kMonday);
  write_gzip("a.csv.gz", kTuesday);
  write("notes.txt", "not a table");
  write(".hidden.csv", "not a table");
  fs::create_directory(folder_ / "folder.csv");
  const auto table = read_tables({folder_.string()});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->hosts, ElementsAre("web-2", "web-1"));
}

TEST_F(ReadTables, ReadsFoldersOfFoldersInOrderOfName) {
  for (const char* name : {"b", "a", "a/deep", ".hidden", "c.csv"}) {
    fs::create_directory(folder_ / name);
  }
  write("b/1.csv", "timestamp,host,cpu\n1,b1,1\n");
  write("a/deep/1.csv", "timestamp,host,cpu\n1,a-deep,1\n");
  write("a/z.csv", "timestamp,host,cpu\n1,a-z,1\n");
  write("a1.csv", "timestamp,host,cpu\n1,a1,1\n");
  write("c.csv/1.csv", "timestamp,host,cpu\n1,c1,1\n");
  write(".hidden/1.csv", "not a table");
  write("b/.2.csv", "not a table");
  const auto table = read_tables({folder_.string()});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->hosts, ElementsAre("a-deep", "a-z", "a1", "b1", "c1"));
}

TEST_F(ReadTables, ReadsAFolderOnceHoweverManyLinksLeadThere) {
  fs::create_directory(folder_ / "days");
  write("days/1.csv", kMonday);
  fs::create_directory_symlink(folder_, folder_ / "days" / "up");
  fs::create_directory_symlink(folder_ / "days", folder_ / "same");
  fs::create_symlink(folder_ / "none", folder_ / "nowhere.csv");
  const auto table = read_tables({folder_.string()});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->rows(), 2);
  const auto content = list_folder(folder_.string());
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_THAT(content->files, ElementsAre(path("days/1.csv")));
  EXPECT_THAT(content->folders, ElementsAre(folder_.string(), path("days")));
}

TEST_F(ReadTables, JoinsFilesOfSeriesByHostAndTime) {
  write("cpu.csv", "Time,\"{instance=\"\"a\"\"}\",\"{instance=\"\"b\"\"}\"\n60,1,2\n120,3,4\n");
  write("disk.csv", "Time,\"{instance=\"\"a\"\"}\",\"{instance=\"\"b\"\"}\"\n60,5,\n120,7,8\n");
  const auto table = read_tables({folder_.string()});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->metrics, ElementsAre("cpu", "disk"));
  EXPECT_THAT(table->hosts, ElementsAre("a", "b"));
  ASSERT_EQ(table->rows(), 4);
  EXPECT_THAT(table->values.row(0), ElementsAre(1, 5));
  EXPECT_THAT(table->values.row(1), ElementsAre(2, IsNan()));
}

TEST_F(ReadTables, TakesTheNamesOfFilesForHostsAndSaysSoOnce) {
  for (const char* name : {"web-1.csv", "web-2.csv", "web-3.csv"}) {
    write(name, "Time,cpu\n2026-10-05 00:00:00,1\n");
  }
  const TimeZone tokyo{"Asia/Tokyo", {{kZonesFrom, 32400}}};
  const auto table = read_tables({folder_.string()}, {}, {.zone = &tokyo});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(table->hosts, ElementsAre("web-1", "web-2", "web-3"));
  EXPECT_THAT(table->timestamps, ElementsAre(1791126000, 1791126000, 1791126000));
  std::vector<std::string> said;
  for (const Notice& notice : table->notices) said.push_back(message_of(notice));
  EXPECT_THAT(said, ElementsAre(path("web-1.csv") + ":1: no column names hosts: the file's name is "
                                                    "the host's; so in 2 more files",
                                path("web-1.csv") + ":2: times without a zone are read as "
                                                    "Asia/Tokyo; so in 2 more files"));
}

TEST_F(ReadTables, TakesNoNameOfStandardInputForAHost) {
  const StandardInput input(write("cpu", "Time,cpu\n60,1\n"));
  EXPECT_EQ(read_tables({"-"}).error().message,
            "standard input:1: expected a column of hosts (host, hostname, instance or node), got "
            "\"Time,cpu\"");
}

TEST_F(ReadTables, KnowsGzipByItsFirstBytesAndNotByItsName) {
  write_gzip("zipped.csv", kMonday);
  write("plain.csv.gz", kTuesday);
  const auto table = read_tables({path("zipped.csv"), path("plain.csv.gz")});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_EQ(table->rows(), 3);
}

TEST_F(ReadTables, ReadsStandardInputPlainAndZipped) {
  for (const std::string& file : {write("plain", kMonday), write_gzip("zipped", kMonday)}) {
    const StandardInput input(file);
    const auto table = read_tables({"-"});
    ASSERT_TRUE(table) << table.error().message;
    EXPECT_EQ(table->rows(), 2);
  }
}

std::string answer(const std::string& metric, const std::string& values) {
  return R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":")" +
         metric + R"(","instance":"web-1"},"values":[)" + values + "]}]}}";
}

TEST_F(ReadTables, MergesAnswersOfPrometheusAmongThemselves) {
  const auto table = read_tables(
      {write("a.csv", kTuesday), write("cpu", answer("cpu", R"([5,"1"])")), write("b.csv", kMonday),
       write_gzip("disk.json.gz", answer("disk", R"([5,"2"],[6,"3"])"))});
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_TRUE(validate(*table));
  EXPECT_THAT(table->metrics, ElementsAre("disk", "cpu"));
  EXPECT_THAT(table->timestamps, ElementsAre(100, 5, 6, 100, 160));
  EXPECT_THAT(table->values.row(1), ElementsAre(2, 1));
  EXPECT_THAT(table->values.row(2), ElementsAre(3, IsNan()));
}

TEST_F(ReadTables, TakesWhatIsCalledJsonForJson) {
  write("a.json", "timestamp,host,cpu\n1,a,1\n");
  EXPECT_EQ(read_tables({folder_.string()}).error().message,
            path("a.json") + R"(:1: byte 2: expected JSON, got "ti")");
}

TEST_F(ReadTables, KeepsWhereAnswersContradictEachOther) {
  const auto table = read_tables(
      {write("a.json", answer("cpu", R"([5,"1"])")), write("b.json", answer("cpu", R"([5,"2"])"))});
  ASSERT_TRUE(table);
  EXPECT_THAT(table->timestamps, ElementsAre(5, 5));
  const auto hosts = rows_by_host(*table);
  ASSERT_FALSE(hosts);
  EXPECT_THAT(hosts.error().message, testing::HasSubstr("than " + path("a.json")));
  EXPECT_THAT(hosts.error().message, testing::StartsWith(path("b.json") + ": host \"web-1\""));
}

TEST_F(ReadTables, NamesStandardInputInErrors) {
  const StandardInput input(write("bad", "timestamp,host,cpu\n1,a,x\n"));
  EXPECT_EQ(read_tables({"-"}).error().message,
            R"(standard input:2: column cpu: expected a number, got "x")");
}

TEST_F(ReadTables, TellsItsProgressBeforeEachFile) {
  const std::string file = write("c.csv", kMonday);
  fs::create_directory(folder_ / "days");
  write("days/a.csv", kMonday);
  write("days/b.csv", kTuesday);
  std::vector<std::string> calls;
  const auto table = read_tables({file, path("days")}, [&](std::string_view name, std::size_t done,
                                                           std::size_t total) {
    calls.push_back(std::string(name) + ' ' + std::to_string(done) + '/' + std::to_string(total));
  });
  ASSERT_TRUE(table) << table.error().message;
  EXPECT_THAT(calls,
              ElementsAre(file + " 0/3", path("days/a.csv") + " 1/3", path("days/b.csv") + " 2/3"));
}

TEST_F(ReadTables, PassesOnErrorsInAFile) {
  const auto table = read_tables({write("bad.csv", "timestamp,host,cpu\n1,a,x\n")});
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, ErrorCode::kBadFormat);
  EXPECT_EQ(table.error().message,
            path("bad.csv") + R"(:2: column cpu: expected a number, got "x")");
}

TEST_F(ReadTables, FailsOnAMissingFile) {
  EXPECT_EQ(source_error(read_tables({write("a.csv", kMonday), path("none.csv")})),
            path("none.csv") + ": No such file or directory");
}

TEST_F(ReadTables, FailsOnAFolderWithoutTables) {
  write("notes.txt", "not a table");
  EXPECT_EQ(source_error(read_tables({folder_.string()})),
            folder_.string() + ": expected *.csv, *.json or *.gz of these, got none");
}

TEST_F(ReadTables, FailsOnAnUnreadableFolder) {
  if (::geteuid() == 0) GTEST_SKIP() << "root reads every folder";
  fs::permissions(folder_, fs::perms::none);
  const std::string message = source_error(read_tables({folder_.string()}));
  fs::permissions(folder_, fs::perms::owner_all);
  EXPECT_EQ(message, folder_.string() + ": Permission denied");
}

TEST_F(ReadTables, FailsOnDamagedGzip) {
  const std::string file = write_gzip("a.csv.gz", kMonday);
  fs::resize_file(file, 20);
  EXPECT_EQ(source_error(read_tables({file})), file + ": expected more gzip data, got the end");
}

TEST_F(ReadTables, NeedsAnInput) {
  const auto table = read_tables({});
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(table.error().message, "expected at least one file or folder, got none");
}

TEST_F(ReadFile, GivesAllBytes) {
  std::string bytes(300'000, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 >> 3);
  EXPECT_EQ(read_file(write("bytes", bytes)).value(), bytes);
  EXPECT_EQ(read_file(write("empty", "")).value(), "");
}

TEST_F(ReadFile, ReadsFilesWhoseSizeIsNotKnown) {
  EXPECT_THAT(read_file("/proc/self/status").value(), testing::HasSubstr("Name:"));
}

TEST_F(ReadTables, ReadsAFileAsLongAsTheLimit) {
  const std::string file = write("monday.csv", kMonday);
  const auto read = [&](std::uint64_t most) {
    return read_tables({file}, {}, {.most_bytes = most});
  };
  EXPECT_TRUE(read(48));  // two rows of one metric
  EXPECT_EQ(read(42).error().message, file + ": expected at most 42 bytes, got 43 bytes");
  EXPECT_EQ(read(42).error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(read(47).error().message,
            file +
                ":1: expected a table of at most 47 bytes (8 bytes x rows x (metrics + 2)), got "
                "8 x 2 x (1 + 2)");
}

TEST_F(ReadTables, LimitsAllFilesTogether) {
  const std::vector<std::string> files = {write("monday.csv", kMonday),
                                          write("tuesday.csv", kTuesday)};
  EXPECT_TRUE(read_tables(files, {}, {.most_bytes = 96}));  // three rows of two metrics
  const auto joined = read_tables(files, {}, {.most_bytes = 95});
  EXPECT_EQ(joined.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(joined.error().message,
            "expected a table of at most 95 bytes (8 bytes x rows x (metrics + 2)), got "
            "8 x 3 x (2 + 2)");
  EXPECT_EQ(read_tables(files, {}, {.most_bytes = 79}).error().message,
            files[1] +
                ": expected tables of at most 79 bytes (8 bytes x rows x (metrics + 2)) in "
                "all, got 80 bytes so far");
}

TEST_F(ReadTables, LimitsWhatIsUnzippedAndWhatNeverEnds) {
  const std::string zipped = write_gzip("zeros.csv.gz", std::string(3'000'000, '0'));
  EXPECT_EQ(read_tables({zipped}, {}, {.most_bytes = 1 << 20}).error().message,
            zipped + ": expected at most 1 MiB of data, got more");
  EXPECT_EQ(read_tables({"/dev/zero"}, {}, {.most_bytes = 1 << 20}).error().message,
            "/dev/zero: expected at most 1 MiB, got more");
  const StandardInput input("/dev/zero");
  EXPECT_EQ(read_tables({"-"}, {}, {.most_bytes = 1 << 20}).error().code, ErrorCode::kTooLarge);
}

TEST_F(ReadFile, ReadsNoMoreThanTheLimit) {
  EXPECT_EQ(read_file(write("bytes", "12345"), 5).value(), "12345");
  EXPECT_EQ(read_file(path("bytes"), 4).error().message,
            path("bytes") + ": expected at most 4 bytes, got 5 bytes");
  EXPECT_EQ(read_file("/dev/zero").error().message, "/dev/zero: expected at most 64 MiB, got more");
  EXPECT_EQ(read_file("/proc/self/status", 10).error().code, ErrorCode::kTooLarge);
}

TEST_F(ReadFile, FailsWithThePathAndTheReason) {
  EXPECT_EQ(source_error(read_file(path("none"))), path("none") + ": No such file or directory");
  EXPECT_EQ(source_error(read_file(folder_.string())), folder_.string() + ": Is a directory");
  fs::create_symlink("loop", folder_ / "loop");
  EXPECT_EQ(source_error(read_file(path("loop"))),
            path("loop") + ": Too many levels of symbolic links");
}

}  // namespace
}  // namespace rolemix
