#include "mprofpp/symbols/naming.hpp"

#include <array>
#include <charconv>
#include <unordered_set>

namespace mprofpp::symbols {
namespace {

constexpr std::size_t most_files = 4096;  // of one process
constexpr std::size_t most_tables = 500;  // each keeps a descriptor
constexpr std::size_t most_functions = 4'000'000;
constexpr std::size_t most_postponed = 100'000;

std::string hexadecimal(std::uint64_t number) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
  return "0x" + std::string(digits.data(), end);
}

std::string place_in(const std::string& path, std::uint64_t address) {
  return path.substr(path.rfind('/') + 1) + "+" + hexadecimal(address);
}

}  // namespace

Tables::Tables(Effort effort, std::string debug_root)
    : effort_(effort), debug_root_(std::move(debug_root)) {}

Table* Tables::table_of(const std::string& path) {
  auto identity = identify(path);
  if (!identity) return nullptr;
  Key key(path, *identity);
  const auto known = tables_.find(key);
  return known != tables_.end() ? &known->second : add(std::move(key));
}

Table* Tables::add(Key key) {
  if (tables_.size() >= most_tables || functions_ >= most_functions) return nullptr;
  const auto path = key.first;
  auto& table =
      tables_.emplace(std::move(key), Table::load(path, debug_root_, effort_)).first->second;
  functions_ += table.count();
  return &table;
}

void Tables::postpone(const std::string& path, std::uint64_t address) {
  if (postponed_addresses_ >= most_postponed) return;
  ++postponed_addresses_;
  postponed_[path].push_back(address);
}

std::vector<LateName> Tables::late_names() {
  std::vector<LateName> names;
  std::unordered_set<std::string> named;
  for (const auto& [path, addresses] : std::exchange(postponed_, {})) {
    auto table = Table::load(path, debug_root_, Effort::unlimited);
    for (const auto address : addresses) {
      auto place = place_in(path, address);
      auto name = table.name_at(address);
      if (name && named.insert(place).second) names.push_back({std::move(place), std::move(*name)});
    }
  }
  return names;
}

void Naming::add(MappedFile file) {
  if (file.begin >= file.end || files_.size() >= most_files) return;
  auto first = files_.lower_bound(file.begin);
  if (first != files_.begin() && std::prev(first)->second.file.end > file.begin) --first;
  files_.erase(first, files_.lower_bound(file.end));
  const auto begin = file.begin;
  files_.emplace(begin, KnownFile{std::move(file)});
}

std::string Naming::name_of(std::uint64_t address) {
  const auto behind = files_.upper_bound(address);
  if (behind == files_.begin()) return hexadecimal(address);
  auto& known = std::prev(behind)->second;
  if (address >= known.file.end) return hexadecimal(address);
  return name_in(known, address - known.file.bias);
}

std::string Naming::name_in(KnownFile& known, std::uint64_t address) {
  if (known.table == nullptr) known.table = tables_->table_of(known.file.path);
  if (known.table != nullptr) {
    if (auto name = known.table->name_at(address)) return std::move(*name);
    if (known.table->is_postponed()) tables_->postpone(known.file.path, address);
  }
  return place_in(known.file.path, address);
}

}  // namespace mprofpp::symbols
