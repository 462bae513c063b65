#include "loadtest/load_output.hpp"

#include <doctest/doctest.h>

using mprofpp::app::count_requests;
using mprofpp::app::RequestCounts;

TEST_CASE("the requests of ab are counted") {
  CHECK(count_requests("Concurrency Level:      20\n"
                       "Complete requests:      2000\n"
                       "Failed requests:        0\n") == RequestCounts{2000, 0});
}

TEST_CASE("pages of different lengths have not failed for ab") {
  CHECK(count_requests("Complete requests:      2000\n"
                       "Failed requests:        1985\n"
                       "   (Connect: 0, Receive: 2, Length: 1983, Exceptions: 0)\n") ==
        RequestCounts{2000, 2});
}

TEST_CASE("answers with an error status have failed") {
  CHECK(count_requests("Complete requests:      50\n"
                       "Failed requests:        0\n"
                       "Non-2xx responses:      50\n") == RequestCounts{50, 50, 50});
}

TEST_CASE("the requests of wrk are counted") {
  CHECK(count_requests("  Thread Stats   Avg      Stdev     Max   +/- Stdev\n"
                       "  35124 requests in 10.10s, 4.32MB read\n"
                       "  Socket errors: connect 0, read 3, write 0, timeout 1\n"
                       "  Non-2xx or 3xx responses: 10\n"
                       "Requests/sec:   3478.10\n") == RequestCounts{35124, 14, 10});
}

TEST_CASE("the requests of hey are counted, those without an answer too") {
  CHECK(count_requests("Summary:\n  Total:\t0.5 secs\n\n"
                       "Response time histogram:\n  0.001 [1]\t|\n\n"
                       "Status code distribution:\n"
                       "  [200]\t190 responses\n"
                       "  [500]\t6 responses\n\n"
                       "Error distribution:\n"
                       "  [4]\tGet \"http://127.0.0.1:1/\": connection refused\n") ==
        RequestCounts{200, 10, 6});
}

TEST_CASE("several runs are added up") {
  CHECK(count_requests("Complete requests:      20\nComplete requests:      30\n") ==
        RequestCounts{50, 0});
}

TEST_CASE("the output of other programs has no counts") {
  CHECK_FALSE(count_requests("").has_value());
  CHECK_FALSE(count_requests("hello\n[x] many responses\n12 requests\n").has_value());
}
