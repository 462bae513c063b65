import assert from "node:assert/strict";
import { test } from "node:test";
import { split_name } from "../src/names.ts";

test("a name is split at its last separator", () => {
  assert.deepEqual(split_name("shop.views.search"), ["shop.views.", "search"]);
  assert.deepEqual(split_name("store::Cache::insert"), ["store::Cache::", "insert"]);
  assert.deepEqual(split_name("app.<module>"), ["app.", "<module>"]);
  assert.deepEqual(split_name("outer.<locals>.inner"), ["outer.<locals>.", "inner"]);
  assert.deepEqual(split_name("main"), ["", "main"]);
});

test("separators within brackets belong to arguments", () => {
  const names = [
    "std::map<int, a::b>::insert",
    "std::vector<std::string>",
    "draw(chart::Frame, ui.Text)",
    "<alloc::vec::Vec<T> as core::clone::Clone>::clone",
    "(anonymous namespace)::run",
    "core::ops::FnOnce<fn() -> a::B>::call_once",
  ];
  assert.deepEqual(
    names.map((name) => split_name(name)[1]),
    ["insert", "vector<std::string>", "draw(chart::Frame, ui.Text)", "clone", "run", "call_once"],
  );
});

test("signs of operators do not open or close brackets", () => {
  assert.equal(split_name("a::Point::operator<")[1], "operator<");
  assert.equal(split_name("a::operator<<(b::Stream)")[1], "operator<<(b::Stream)");
  assert.equal(split_name("a::Pointer::operator->")[1], "operator->");
});

test("a name that is damaged stays whole", () => {
  assert.deepEqual(
    ["a.", ".a", "::", "<a.b", "a>>.b", ""].map((name) => split_name(name).join("")),
    ["a.", ".a", "::", "<a.b", "a>>.b", ""],
  );
  assert.deepEqual(split_name("a."), ["", "a."]);
});
