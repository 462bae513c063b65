// The program of the flame chart: it loads its tables, then two threads serve requests from them.
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "mprofpp.h"

namespace app {

using Table = std::vector<char>;

void work(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

Table parse(std::size_t mebibytes) {
  MPROFPP_FUNCTION();
  Table table(mebibytes << 20, 'x');
  work(90);
  return table;
}

std::vector<Table> load() {
  MPROFPP_FUNCTION();
  std::vector<Table> tables;
  for (const std::size_t mebibytes : {4, 7, 9, 12}) tables.push_back(parse(mebibytes));
  work(60);
  return tables;
}

void serve(std::size_t mebibytes) {
  MPROFPP_FUNCTION();
  std::vector<Table> answers;
  for (int i = 0; i < 16; ++i) {
    MPROFPP_SCOPE("request");
    answers.emplace_back(mebibytes << 19, 'y');
    work(20);
    if (answers.size() == 5) answers.clear();
  }
}

}  // namespace app

int main() {
  MPROFPP_FUNCTION();
  auto tables = app::load();
  MPROFPP_MARK("tables loaded");
  std::thread other(app::serve, 3);
  app::serve(4);
  other.join();
  MPROFPP_MARK("cleaning up");
  MPROFPP_SCOPE("clear");
  tables.clear();
  app::work(80);
}
