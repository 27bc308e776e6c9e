// Files of others: what the command's outputs keep, refuse and leave behind.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/command.h"

namespace rolemix {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// A simulated role and a model of it; made once for all tests.
class OutputFiles : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new Folder();
    run("simulate --interval 300 --hosts 6 --days 7 --seed 1 -o sample");
    ASSERT_EQ(run(std::string(kTrain) + "web.rolemix").exit_code, 0);
  }
  static void TearDownTestSuite() { delete folder; }

  static Outcome run(const std::string& arguments) { return folder->run(arguments); }
  static fs::perms mode(const std::string& name) {
    return fs::status(folder->path(name)).permissions();
  }
  static void set_mode(const std::string& name, unsigned mode) {
    fs::permissions(folder->path(name), fs::perms(mode));
  }

  static constexpr const char* kTrain =
      "train --input sample/metrics --config sample/role.yaml --components 1 --to "
      "2026-10-09T04:48Z -o ";
  static constexpr const char* kAlerts =
      "alerts -m web.rolemix --input sample/metrics --format csv --state ";
  static inline Folder* folder = nullptr;
};

TEST_F(OutputFiles, KeepTheirModes) {
  const mode_t before = ::umask(022);
  EXPECT_EQ(run(std::string(kTrain) + "kept.rolemix").exit_code, 0);
  EXPECT_EQ(mode("kept.rolemix"), fs::perms(0644));
  set_mode("kept.rolemix", 0600);
  EXPECT_EQ(run(std::string(kTrain) + "kept.rolemix").exit_code, 0);
  EXPECT_EQ(mode("kept.rolemix"), fs::perms(0600));

  folder->write("kept.state", "damaged");
  set_mode("kept.state", 0600);
  EXPECT_EQ(run(std::string(kAlerts) + "kept.state --state-recover").exit_code, 0);
  EXPECT_EQ(mode("kept.state"), fs::perms(0600));
  EXPECT_EQ(mode("kept.state.damaged"), fs::perms(0600));

  const std::string simulate = "simulate --interval 300 --hosts 1 --days 1 -o private";
  EXPECT_EQ(run(simulate).exit_code, 0);
  set_mode("private/role.yaml", 0640);
  EXPECT_EQ(run(simulate).exit_code, 0);
  EXPECT_EQ(mode("private/role.yaml"), fs::perms(0640));
  EXPECT_EQ(mode("private/incidents.csv"), fs::perms(0644));
  ::umask(before);
}

TEST_F(OutputFiles, AreWhatLinksLeadTo) {
  fs::create_symlink("linked.rolemix", folder->path("link"));
  EXPECT_EQ(run(std::string(kTrain) + "link").exit_code, 0);
  EXPECT_TRUE(fs::is_symlink(folder->path("link")));
  EXPECT_EQ(folder->read("linked.rolemix"), folder->read("web.rolemix"));
}

TEST_F(OutputFiles, AreStandardOutputPipesAndDevicesToo) {
  const std::string model = folder->read("web.rolemix");
  EXPECT_EQ(run(std::string(kTrain) + "/dev/null").exit_code, 0);
  EXPECT_EQ(run(std::string(kTrain) + "/dev/stdout; echo end").out, model + "end\n");
}

/// The alerts of an output in CSV, without its header.
std::vector<std::string> lines_of(const std::string& csv) {
  std::istringstream text(csv);
  std::vector<std::string> lines;
  std::string line;
  std::getline(text, line);
  while (std::getline(text, line)) {
    lines.push_back(line);
  }
  return lines;
}

TEST_F(OutputFiles, StatesAreOfOneRunAtATime) {
  const std::vector<std::string> once = lines_of(run(std::string(kAlerts) + "once.state").out);
  ASSERT_FALSE(once.empty());
  for (int round = 0; round < 20; ++round) {
    const std::string state = "round" + std::to_string(round) + ".state";
    const std::string alerts = kAlerts + state;
    const Outcome both = run(alerts + " > first & " + command_path() + " " + alerts +
                             " > second; one=$?; wait $! && exit $one");
    EXPECT_EQ(both.exit_code, 0) << both.err;
    std::vector<std::string> told = lines_of(folder->read("first"));
    const std::vector<std::string> second = lines_of(folder->read("second"));
    told.insert(told.end(), second.begin(), second.end());
    EXPECT_EQ(told, once) << "round " << round;
    EXPECT_EQ(folder->read(state), folder->read("once.state"));
  }
}

TEST_F(OutputFiles, StatesThatAreHeldAreWaitedFor) {
  const std::string held = "held.state";
  ASSERT_EQ(run(kAlerts + held).exit_code, 0);
  const std::string before = folder->read(held);
  const int lock = ::open(folder->path("held.state.lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0) << "the run before holds it no more";
  const Outcome late = run(kAlerts + held);
  EXPECT_EQ(late.exit_code, 3);
  EXPECT_EQ(late.out, "");
  EXPECT_EQ(late.err,
            "rolemix: held.state: waiting up to 10 s for another run with this state\n"
            "rolemix: held.state: another process holds held.state.lock for longer than 10 s; try "
            "again when it has ended\n");
  EXPECT_EQ(folder->read(held), before);

  std::thread release([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    ::close(lock);
  });
  const Outcome patient = run(kAlerts + held);
  release.join();
  EXPECT_EQ(patient.exit_code, 0);
  EXPECT_THAT(patient.err, HasSubstr("waiting up to 10 s"));
}

TEST_F(OutputFiles, StatesNeedAFolderThatCanBeWritten) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "becomes another user";
  }
  set_mode(".", 0755);
  const Outcome outcome = folder->run_shell("setpriv --reuid=65534 --clear-groups " +
                                            command_path() + " " + kAlerts + "denied.state");
  EXPECT_EQ(outcome.exit_code, 3);
  EXPECT_EQ(outcome.err,
            "rolemix: --state: denied.state: no file can be made in the folder .: Permission "
            "denied\n");
}

/// The names in a folder that no verb reads.
std::vector<std::string> hidden(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with(".rolemix-")) {
      names.push_back(name);
    }
  }
  return names;
}

/// Starts `rolemix simulate` and stops it while it writes; gives its process, 0 when that failed.
pid_t stopped_in_writing(const std::string& output, int ignored = 0) {
  const pid_t child = ::fork();
  if (child == 0) {
    // A shell starts what runs in the background without SIGINT.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
      std::signal(signal, signal == ignored ? SIG_IGN : SIG_DFL);
    }
    const std::string command = command_path();
    ::execl(command.c_str(), command.c_str(), "simulate", "--hosts", "1", "--days", "60",
            "--interval", "60", "--seed", "2", "-o", output.c_str(), nullptr);
    ::_exit(127);
  }
  for (;;) {
    while (hidden(output + "/metrics").empty()) {
      if (::waitpid(child, nullptr, WNOHANG) != 0) {
        ADD_FAILURE() << "it wrote nothing";
        return 0;
      }
    }
    ::kill(child, SIGSTOP);
    ::waitpid(child, nullptr, WUNTRACED);
    if (!hidden(output + "/metrics").empty()) {
      return child;
    }
    ::kill(child, SIGCONT);
  }
}

TEST_F(OutputFiles, StayAsTheyWereWhenASignalEndsTheirWriting) {
  ASSERT_EQ(run("simulate --hosts 1 --days 1 --interval 300 -o ended").exit_code, 0);
  const fs::path metrics = folder->path("ended/metrics");
  const std::string name = fs::directory_iterator(metrics)->path().filename().string();
  const std::string before = folder->read("ended/metrics/" + name);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    const pid_t child = stopped_in_writing(folder->path("ended"));
    ASSERT_NE(child, 0);
    ::kill(child, signal);
    ::kill(child, SIGCONT);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == signal) << status;
    EXPECT_THAT(hidden(metrics), testing::IsEmpty());
    EXPECT_EQ(folder->read("ended/metrics/" + name), before);
  }
}

TEST_F(OutputFiles, AreWrittenWhenASignalIsIgnored) {
  ASSERT_EQ(run("simulate --hosts 1 --days 1 --interval 300 -o ignored").exit_code, 0);
  const pid_t child = stopped_in_writing(folder->path("ignored"), SIGHUP);
  ASSERT_NE(child, 0);
  ::kill(child, SIGHUP);
  ::kill(child, SIGCONT);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_THAT(hidden(folder->path("ignored/metrics")), testing::IsEmpty());
}

TEST_F(OutputFiles, StayAsTheyWereWhenThereIsNoRoom) {
  ASSERT_EQ(run(std::string(kTrain) + "full.rolemix").exit_code, 0);
  ASSERT_EQ(run(std::string(kAlerts) + "full.state").exit_code, 0);
  const std::string model = folder->read("full.rolemix");
  const std::string state = folder->read("full.state");
  // A block is 512 bytes, fewer than a model or a state has.
  const std::string limited = "ulimit -f 1; " + command_path() + " ";
  for (const char* output : {"full.rolemix", "new.rolemix"}) {
    const Outcome train = folder->run_shell(limited + kTrain + output + " 2> /dev/null");
    EXPECT_EQ(train.exit_code, 3);
  }
  const Outcome alerts =
      folder->run_shell("(" + limited + kAlerts + "full.state 2>&1 > /dev/null | cat)");
  EXPECT_THAT(alerts.out, HasSubstr("rolemix: full.state: File too large\n"));
  EXPECT_EQ(folder->read("full.rolemix"), model);
  EXPECT_EQ(folder->read("full.state"), state);
  EXPECT_FALSE(fs::exists(folder->path("new.rolemix")));
  EXPECT_THAT(hidden(folder->path(".")), testing::IsEmpty());
  const Outcome full = run(std::string(kTrain) + "/dev/full");
  EXPECT_EQ(full.exit_code, 3);
  EXPECT_THAT(full.err, HasSubstr("rolemix: /dev/full: No space left on device\n"));
}

TEST_F(OutputFiles, ThatAreInputsTooAreRefusedBeforeAnythingIsRead) {
  folder->write("broken.csv", "no table");  // to read it would be another error
  fs::create_symlink("broken.csv", folder->path("symbolic"));
  fs::create_hard_link(folder->path("broken.csv"), folder->path("hard"));
  folder->write("a.state", "no state");
  folder->write("a.state.damaged", "no table");
  const std::string train = "train --input broken.csv sample/metrics --config sample/role.yaml ";
  const std::string alerts = "alerts -m web.rolemix --config sample/role.yaml --input broken.csv ";
  const struct {
    std::string arguments;
    std::string message;
  } refused[] = {
      {train + "-o ./broken.csv",
       "--output: expected a file of its own, got ./broken.csv, which is --input broken.csv"},
      {train + "-o symbolic", "got symbolic, which is --input broken.csv"},
      {train + "-o hard", "got hard, which is --input broken.csv"},
      {train + "-o sample/role.yaml", "which is --config sample/role.yaml"},
      {train + "-o sample/metrics/new.csv", "which is read with --input sample/metrics"},
      {"train --input - --role a:b -o broken.csv < hard", "got broken.csv, which is --input -"},
      {train + "-o sample", "--output: expected a file to write, got the folder sample"},
      {train + "-o log --format json >> log", "got /dev/stdout, which is --output too"},
      {alerts + "--state hard", "--state: expected a file of its own, got hard, which is --input"},
      {alerts + "--state web.rolemix", "got web.rolemix, which is --model web.rolemix"},
      {alerts + "--state sample/role.yaml", "which is --config sample/role.yaml"},
      {alerts + "a.state.damaged --state a.state --state-recover", "got a.state.damaged, which is"},
      {alerts + "--state /dev/null", "--state: expected a regular file"},
      {alerts + "--state sample", "--state: expected a regular file"},
      {alerts + ">> broken.csv", "standard output: expected a file of its own, got /dev/stdout"},
      {"score -m web.rolemix --input broken.csv >> broken.csv", "which is --input broken.csv"},
      {"explain -m web.rolemix --input broken.csv >> web.rolemix", "is --model web.rolemix"},
      {"inspect web.rolemix >> web.rolemix", "which is --model web.rolemix"},
  };
  const std::string model = folder->read("web.rolemix");
  for (const auto& [arguments, message] : refused) {
    const Outcome outcome = run(arguments);
    EXPECT_EQ(outcome.exit_code, 2) << arguments;
    EXPECT_THAT(outcome.err, HasSubstr(message)) << arguments;
  }
  EXPECT_EQ(folder->read("web.rolemix"), model);
  EXPECT_EQ(folder->read("broken.csv"), "no table");
  EXPECT_EQ(folder->read("a.state.damaged"), "no table");
  EXPECT_FALSE(fs::exists(folder->path("sample/metrics/new.csv")));
}

}  // namespace
}  // namespace rolemix
