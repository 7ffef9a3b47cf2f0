// A wrong execution is drawn in the files that one asks for, and in a folder that the environment names.
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>

#include "explored.hpp"

namespace lockstep::check {
namespace {

namespace fs = std::filesystem;

void is_wrong() {
  std::atomic<int> x{0};
  std::thread thread([&] { x.store(1, std::memory_order_relaxed); });
  const int seen = x.load(std::memory_order_relaxed);
  thread.join();
  require(seen == 0);
}

void is_right() {
  std::thread([] {}).join();
}

std::string text_of(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// An empty folder, which goes when this goes.
class Folder {
 public:
  explicit Folder(const std::string& name)
      : path_(fs::path(testing::TempDir()) / (name + "-" + std::to_string(getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] std::string file(const std::string& name) const { return path_ / name; }
  [[nodiscard]] std::set<std::string> names() const {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(path_)) names.insert(entry.path().filename());
    return names;
  }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// While one exists, LOCKSTEP_REPORT_DIR names a folder.
class Reporting {
 public:
  explicit Reporting(const fs::path& folder) { setenv("LOCKSTEP_REPORT_DIR", folder.c_str(), 1); }
  ~Reporting() { unsetenv("LOCKSTEP_REPORT_DIR"); }
  Reporting(const Reporting&) = delete;
  Reporting& operator=(const Reporting&) = delete;
};

TEST(Drawings, AreThePageAndTheGraphThatTheOptionsName) {
  const Folder folder("lockstep-drawings-options");
  Options options;
  options.html = folder.file("it.html");
  options.dot = folder.file("it.dot");
  options.repeat = "repeat it by {token}";
  const Result result = explored(&is_wrong, options);
  EXPECT_EQ(text_of(options.dot).find("digraph"), 0u);
  const std::string page = text_of(options.html);
  EXPECT_EQ(page.find("<!doctype html>"), 0u);
  EXPECT_TRUE(has(page, "\"repeat\": \"repeat it by " + result.token + "\""));
  EXPECT_EQ(result.drawings,
            "graph for Graphviz: " + options.dot + "\npage: " + options.html + "\n");
}

TEST(Drawings, ThereAreNoneOfWhatIsRight) {
  const Folder folder("lockstep-drawings-right");
  const Reporting reporting(folder.path());
  Options options;
  options.html = folder.file("it.html");
  EXPECT_TRUE(passes(&is_right, options));
  EXPECT_EQ(folder.names(), std::set<std::string>{});
}

TEST(Drawings, OfARightExecutionAreMadeIfItIsToBeExplained) {
  const std::string token = explored(&is_wrong).token;
  const Folder folder("lockstep-drawings-explained");
  const Reporting reporting(folder.path());
  Options options;
  options.html = folder.file("it.html");
  options.explain = true;
  const auto mended = [] {
    std::atomic<int> x{0};
    std::thread thread([&] { x.store(1, std::memory_order_relaxed); });
    static_cast<void>(x.load(std::memory_order_relaxed));
    thread.join();
  };
  EXPECT_TRUE(replayed(mended, token, options).found_nothing());
  EXPECT_TRUE(has(text_of(options.html), "nothing is wrong with this execution"));
  EXPECT_EQ(folder.names(), std::set<std::string>{"it.html"});
}

TEST(Drawings, InTheFolderOfTheEnvironmentAreCalledAfterTheTest) {
  const Folder folder("lockstep-drawings-environment");
  const Reporting reporting(folder.path() / "made" / "if need be");
  const Result result = explored(&is_wrong);
  const std::string file = folder.path() / "made" / "if need be" /
                           "Drawings_InTheFolderOfTheEnvironmentAreCalledAfterTheTest.html";
  EXPECT_TRUE(has(result.drawings, "page: " + file + "\n")) << result;
  const std::string page = text_of(file);
  EXPECT_TRUE(has(page, "\"repeat\": \"LOCKSTEP_REPLAY=" + result.token + " "))
      << page.substr(0, 100);
  EXPECT_TRUE(has(page, "--gtest_filter=")) << page.substr(0, 100);
}

TEST(Drawings, OfSeveralFindingsOfATestAreNumbered) {
  const Folder folder("lockstep-drawings-numbered");
  const Reporting reporting(folder.path());
  for (int i = 0; i < 3; ++i) EXPECT_FALSE(explored(&is_wrong).passed());
  const std::string name = "Drawings_OfSeveralFindingsOfATestAreNumbered";
  EXPECT_EQ(folder.names(),
            (std::set<std::string>{name + ".html", name + "-2.html", name + "-3.html"}));
}

TEST(Drawings, ThatCannotBeWrittenAreSaidToBeNone) {
  Options options;
  options.html = "/proc/self/no.html";
  const Result result = explored(&is_wrong, options);
  EXPECT_EQ(result.wrong, Wrong::requirement);
  EXPECT_TRUE(has(result.drawings, "page: /proc/self/no.html (not written: ")) << result;
}

}  // namespace
}  // namespace lockstep::check
