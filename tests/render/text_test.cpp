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

TEST_CASE("no room holds no text") {
  CHECK(fitted("text", 3, {10}, Elide::end, table).empty());
  CHECK(fitted("text", -5, {10}, Elide::end, table).empty());
}

TEST_CASE("ten thousand characters are cut without measuring them all") {
  const auto cut = fitted(std::string(10'000, 'x'), 100, {10}, Elide::middle, table);
  CHECK(width(cut) <= 100);
  CHECK(width(cut) > 85);
}
