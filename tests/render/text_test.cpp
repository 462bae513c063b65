#include "mprofpp/render/text.hpp"

#include <doctest/doctest.h>

#include "mprofpp/base/text.hpp"

using namespace mprofpp;
using namespace mprofpp::render;

namespace {

const TableMeasure table;

double width(std::string_view text) {
  return table.width(text, 10, TextWeight::normal);
}

}  // namespace

TEST_CASE("widths are those of DejaVu Sans") {
  CHECK(width("0") == doctest::Approx(6.36));
  CHECK(width("MiB") == doctest::Approx(8.63 + 2.78 + 6.86));
  CHECK(table.width("0", 20, TextWeight::bold) == doctest::Approx(13.92));
  CHECK(width("") == 0);
}

TEST_CASE("wide scripts are wide and combining marks are not") {
  CHECK(width("長") == doctest::Approx(10));
  CHECK(width("e\xCC\x81") == width("e"));
}

TEST_CASE("a text that fits stays as it is") {
  CHECK(fitted("short", 1000, {10}, Elide::end, table) == "short");
}

TEST_CASE("a text that does not fit loses its end or its middle") {
  CHECK(fitted("abcdefghijklmnopqrstuvwxyz", 60, {10}, Elide::end, table) == "abcdefghi…");
  const auto middle = fitted("gunicorn: worker [app] 1234", 100, {10}, Elide::middle, table);
  CHECK(middle.starts_with("guni"));
  CHECK(middle.ends_with("] 1234"));
  CHECK(width(middle) <= 100);
}

TEST_CASE("cutting never splits a character and never exceeds the room") {
  const std::string text = "aé長€𝄞шbé長€𝄞ш";
  for (double room = 0; room < width(text) + 10; room += 1.5) {
    for (const auto elide : {Elide::end, Elide::middle}) {
      const auto cut = fitted(text, room, {10}, elide, table);
      CAPTURE(room);
      CHECK(width(cut) <= room);
      CHECK(to_valid_utf8(cut) == cut);
    }
  }
}

TEST_CASE("a name keeps what distinguishes it from others, and what follows its title") {
  const std::string title = "puma: cluster worker 11: 4000 [shop-production-web-frontend]";
  const auto at = title.find("worker 11");
  const auto text = title + " 4711 ← 4000";
  const auto in = [&](double room) {
    return fitted_name({text, title.size(), {at, at + 9}}, room, {}, table);
  };
  CHECK(in(1000) == text);
  CHECK(in(300) == "puma: cluster worker 11: 4000 [shop-… 4711 ← 4000");
  CHECK(in(190) == "puma:…worker 11… 4711 ← 4000");
  CHECK(in(170) == "worker 11 4711 ← 4000");
  CHECK(in(110) == "worker 11 4711");
  CHECK(in(95) == "worker 11 4711");
  CHECK(in(60) == "…11 4711");
  CHECK(in(30) == "4711");
  CHECK(in(24) == "p…");
  for (double room = 160; room < 500; room += 0.7) {
    CAPTURE(room);
    CHECK(table.width(in(room), 11, TextWeight::normal) <= room);
    CHECK(in(room).find("11") != std::string::npos);
    CHECK(in(room).ends_with(" 4711 ← 4000"));
  }
}

TEST_CASE("of names with equal titles, the pid stays and the title loses its end") {
  const Name name{"gunicorn: worker [shop.views:application] 1234 ← 1200", 41, {}};
  const auto in = [&](double room) { return fitted_name(name, room, {}, table); };
  CHECK(in(220) == "gunicorn: worker… 1234 ← 1200");
  CHECK(in(160) == "gunicorn:… 1234 ← 1200");
  CHECK(in(120) == "gunicorn:… 1234");
  CHECK(in(40) == "1234");
  for (double room = 35; room < 500; room += 0.7) {
    CAPTURE(room);
    CHECK(table.width(in(room), 11, TextWeight::normal) <= room);
    CHECK(in(room).find("1234") != std::string::npos);
  }
}

TEST_CASE("of workers next to their master, the word and the pid stay") {
  const Name name{"gunicorn: worker [shop.views:application] 2446 ← 2442", 41, {10, 16}};
  CHECK(fitted_name(name, 270, {}, table) == "gunicorn: worker [shop.views:ap… 2446 ← 2442");
  CHECK(fitted_name(name, 188, {}, table) == "gunicorn: worker… 2446 ← 2442");
  CHECK(fitted_name(name, 80, {}, table) == "worker 2446");
  CHECK(fitted_name(name, 50, {}, table) == "…r 2446");
}

TEST_CASE("a name without a title, such as that of a function or a file, loses its middle") {
  CHECK(fitted_name({"application.models.orders.query"}, 100, {}, table) == "applic…ers.query");
}

TEST_CASE("no room holds no text") {
  CHECK(fitted("text", 3, {10}, Elide::end, table).empty());
  CHECK(fitted("text", -5, {10}, Elide::end, table).empty());
}

TEST_CASE("ten thousand characters are cut without measuring them all") {
  const auto cut = fitted(std::string(10'000, 'x'), 100, {10}, Elide::middle, table);
  CHECK(width(cut) <= 100);
  CHECK(width(cut) > 85);
}
