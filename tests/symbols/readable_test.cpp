#include "mprofpp/symbols/readable.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "mprofpp/symbols/demangle.hpp"

using namespace mprofpp::symbols;

namespace {

struct Example {
  std::string_view given;
  std::string_view expected;
};

void check_names(const std::vector<Example>& examples) {
  for (const auto& [given, expected] : examples) CHECK(qualified_name(given) == expected);
}

void check_symbols(const std::vector<Example>& examples) {
  for (const auto& [given, expected] : examples) CHECK(readable(given) == expected);
}

}  // namespace

TEST_CASE("a signature as compilers write it gives the function's name") {
  const std::vector<Example> examples = {
      {"void load()", "load"},
      {"virtual void app::Loader::load(int)", "app::Loader::load"},
      {"static T app::twice(T) [with T = int]", "app::twice"},
      {"T app::twice(T) [T = int]", "app::twice"},
      {"void fill(T (&)[3]) [with T = char [3]; U = int]", "fill"},
      {"main()::<lambda(int)>", "main::<lambda(int)>"},
      {"auto main()::(anonymous class)::operator()(int) const",
       "main::(anonymous class)::operator()"},
      {"]", "]"},
      {"", ""},
  };
  for (const auto& [given, expected] : examples) CHECK(name_in_signature(given) == expected);
}

TEST_CASE("a function's name has neither result nor parameters") {
  check_names({
      {"load()", "load"},
      {"app::Loader::load(int, char const*)", "app::Loader::load"},
      {"app::Loader::Loader(app::Loader const&)", "app::Loader::Loader"},
      {"app::Loader::~Loader()", "app::Loader::~Loader"},
      {"int app::twice<int>(int)", "app::twice<int>"},
      {"std::vector<int, std::allocator<int> > make<int>(int)", "make<int>"},
      {"unsigned long const& pick<char [3]>(char const (&) [3])", "pick<char [3]>"},
      {"app::value", "app::value"},
  });
}

TEST_CASE("text after the parameters is dropped") {
  check_names({
      {"A::size() const", "A::size"},
      {"A::get() const &", "A::get"},
      {"A::take() &&", "A::take"},
      {"A::read() const volatile", "A::read"},
      {"work(int) [clone .constprop.0]", "work"},
      {"work(int) [clone .part.0] [clone .cold]", "work"},
      {"name[abi:cxx11](int)", "name"},
      {"std::string A::name[abi:one][abi:two]<int>() const", "A::name<int>"},
  });
}

TEST_CASE("operators keep their symbols") {
  check_names({
      {"F::operator()(int) const", "F::operator()"},
      {"void F::operator()<int>(int) const", "F::operator()<int>"},
      {"operator<(A const&, A const&)", "operator<"},
      {"bool operator< <int>(B<int> const&, B<int> const&)", "operator< <int>"},
      {"std::ostream& operator<< <int>(std::ostream&, B<int>)", "operator<< <int>"},
      {"A::operator<<(int)", "A::operator<<"},
      {"A::operator<=>(A const&) const", "A::operator<=>"},
      {"A::operator>(A const&)", "A::operator>"},
      {"bool operator><int>(B<int>, B<int>)", "operator><int>"},
      {"A::operator>>(int)", "A::operator>>"},
      {"A::operator->()", "A::operator->"},
      {"A::operator->*(int A::*)", "A::operator->*"},
      {"A::operator[](unsigned long)", "A::operator[]"},
      {"A::operator*() const", "A::operator*"},
      {"A* operator&<int>(int)", "operator&<int>"},
      {"A::operator&&(A const&)", "A::operator&&"},
      {"A::operator,(A const&)", "A::operator,"},
      {"A::operator=(A&&)", "A::operator="},
      {"operator\"\" _km(unsigned long long)", "operator\"\" _km"},
      {"operator new(unsigned long)", "operator new"},
      {"A::operator delete[](void*)", "A::operator delete[]"},
      {"operator_of(int)", "operator_of"},
      {"my_operator<int>(int)", "my_operator<int>"},
  });
}

TEST_CASE("conversions keep their type") {
  check_names({
      {"A::operator int() const", "A::operator int"},
      {"A::operator unsigned long&()", "A::operator unsigned long&"},
      {"A::operator std::vector<int, std::allocator<int> >() const",
       "A::operator std::vector<int, std::allocator<int> >"},
      {"A::operator void (*)(int)() const", "A::operator void (*)(int)"},
      {"A::operator void (*)()() const", "A::operator void (*)()"},
      {"A::operator newer::Type()", "A::operator newer::Type"},
      {"A::operator std::function<void ()>() const", "A::operator std::function<void ()>"},
  });
}

TEST_CASE("a lambda keeps its parameters and the function around it loses them") {
  check_names({
      {"main::{lambda(int)#1}::operator()(int) const", "main::{lambda(int)#1}::operator()"},
      {"app::run(std::vector<int> const&)::{lambda()#2}::operator()() const",
       "app::run::{lambda()#2}::operator()"},
      {"A::go(int) const::{lambda(void (*)(int))#1}::operator()(void (*)(int)) const",
       "A::go::{lambda(void (*)(int))#1}::operator()"},
      {"auto f()::{lambda(auto:1)#1}::operator()<int>(int) const",
       "f::{lambda(auto:1)#1}::operator()<int>"},
      {"void f<int>(int)::{lambda()#1}::operator()() const", "f<int>::{lambda()#1}::operator()"},
      {"f()::Local::work(int)", "f::Local::work"},
      {"{unnamed type#1}::work()", "{unnamed type#1}::work"},
  });
}

TEST_CASE("an anonymous namespace is part of the name") {
  check_names({
      {"(anonymous namespace)::work(int)", "(anonymous namespace)::work"},
      {"app::(anonymous namespace)::Loader::load()", "app::(anonymous namespace)::Loader::load"},
      {"int (anonymous namespace)::twice<int>(int)", "(anonymous namespace)::twice<int>"},
  });
}

TEST_CASE("parentheses among template arguments are not parameters") {
  check_names({
      {"void call<void (*)(int)>(void (*)(int))", "call<void (*)(int)>"},
      {"void call<std::function<int (char)> >(std::function<int (char)>)",
       "call<std::function<int (char)> >"},
      {"void take<(Color)2>()", "take<(Color)2>"},
      {"void take<&(A::operator>(A const&))>()", "take<&(A::operator>(A const&))>"},
      {"void take<&A::operator()>()", "take<&A::operator()>"},
      {"void take<((1)>(2))>()", "take<((1)>(2))>"},
      {"void take<(sizeof (int))<(8)>()", "take<(sizeof (int))<(8)>"},
      {"void take<(8)>>(1)>()", "take<(8)>>(1)>"},
      {"A::add(B<C, D<E>>&, bool)", "A::add"},
      {"void A<B<int>>::add<D<E<int>>>(F<G<int>>)", "A<B<int>>::add<D<E<int>>>"},
      {"void S<&f>::go<decltype(x->y)>(int)", "S<&f>::go<decltype(x->y)>"},
      {"void f<main::{lambda(int)#1}>(main::{lambda(int)#1})", "f<main::{lambda(int)#1}>"},
      {"std::enable_if<(bool)1, int>::type f<int>(int)", "f<int>"},
  });
}

TEST_CASE("a result whose type surrounds the name is dropped as well") {
  check_names({
      {"void (*get<int>(char))(int)", "get<int>"},
      {"void (*(*app::get<int>(char))(int))(long)", "app::get<int>"},
      {"int (&cells<int>())[5]", "cells<int>"},
      {"int (A::*member<int>(char))(long) const", "member<int>"},
      {"void (*get<int>(char))(int)::{lambda()#1}::operator()() const",
       "get<int>::{lambda()#1}::operator()"},
      {"decltype ((a)+(b)) sum<int>(int, int)", "sum<int>"},
      {"decltype(nullptr) null<int>()", "null<int>"},
      {"decltype(auto) any<int>()", "any<int>"},
  });
}

TEST_CASE("a thunk has the name of its function") {
  check_names({
      {"non-virtual thunk to A::work()", "A::work"},
      {"virtual thunk to A::~A()", "A::~A"},
      {"covariant return thunk to A::clone() const", "A::clone"},
  });
}

TEST_CASE("text that is not a function stays as it is") {
  check_names({
      {"", ""},
      {"f(", "f("},
      {"f)", "f)"},
      {"f<(>", "f<(>"},
      {"()", "()"},
      {"operator", "operator"},
      {"a ", "a "},
  });
}

TEST_CASE("symbols become names") {
  check_symbols({
      {"main", "main"},
      {"_ZN3app6Loader4loadEi", "app::Loader::load"},
      {"_ZNK1AcviEv", "A::operator int"},
      {"_ZZ4mainENKUliE_clEi", "main::{lambda(int)#1}::operator()"},
      {"_ZZN3app5adderEiENK3$_0clEi", "app::adder::$_0::operator()"},  // clang's lambda
      {"_ZN12_GLOBAL__N_14workEi", "(anonymous namespace)::work"},
      {"_ZltI1AEbRKT_S3_", "operator< <A>"},
      {"_Z4nameB5cxx11v", "name"},
      {"_ZThn8_N1B4workEv", "B::work"},
      {"_ZL6hiddenv", "hidden"},
  });
}

TEST_CASE("a part that the compiler split off has the function's name") {
  check_symbols({
      {"work.cold", "work"},
      {"work.part.0", "work"},
      {"work.constprop.0.isra.0", "work"},
      {"work.part.0.cold", "work"},
      {"work.lto_priv.12", "work"},
      {"work.llvm.1234567890", "work"},
      {"_ZN3app4workEi.constprop.0", "app::work"},
      {"_ZN3app4workEi.part.0.cold", "app::work"},
  });
}

TEST_CASE("dots of other languages, and numbers after a name, stay") {
  check_symbols({
      {"main.main", "main.main"},
      {"net/http.(*Server).Serve", "net/http.(*Server).Serve"},
      {"inner.0", "inner.0"},
      {".cold", ".cold"},
      {"cold", "cold"},
  });
}

TEST_CASE("a symbol's version is not part of the name") {
  check_symbols({{"memcpy@@GLIBC_2.14", "memcpy"}, {"_ZN1A1fEv@LIB_1", "A::f"}, {"@", "@"}});
}

TEST_CASE("a symbol that cannot be demangled stays as it is") {
  check_symbols({
      {"i", "i"},  // the demangler would call it int
      {"_Z", "_Z"},
      {"_ZN3app", "_ZN3app"},
      {"_RNvCs1234_7mycrate3foo", "_RNvCs1234_7mycrate3foo"},
      {"", ""},
  });
}

TEST_CASE("a few bytes that stand for gigabytes are not written out") {
  const auto doubled = [](int times) {
    std::string symbol = "_Z1f1AIiiE";
    for (int i = 0; i < times; ++i) {  // A<x, x> of the previous one
      const auto last = std::string(1, static_cast<char>(i < 10 ? '0' + i : 'A' + i - 10));
      symbol += "S_IS" + last + "_S" + last + "_E";
    }
    return symbol;
  };
  CHECK(readable(doubled(2)) == "f");
  CHECK_FALSE(demangled(doubled(35)).has_value());
  CHECK(readable(doubled(35)) == doubled(35));
}

TEST_CASE("a long name is cut between characters and ends with an ellipsis") {
  std::string name;
  for (int i = 0; i < 600; ++i) name += "ä";
  const auto cut = readable(name);
  CHECK(cut.size() <= 1000);
  CHECK(cut.size() > 990);
  CHECK(cut.ends_with("ä…"));
  CHECK(readable(std::string(1000, 'x')) == std::string(1000, 'x'));
}

TEST_CASE("endless parentheses cost neither time nor stack") {
  const std::string opened(60'000, '(');
  CHECK(qualified_name(opened) == opened);
  const auto closed = opened + "f" + std::string(60'000, ')');
  CHECK(qualified_name(closed) == closed);
}
