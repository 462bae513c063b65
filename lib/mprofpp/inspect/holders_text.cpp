#include "mprofpp/inspect/holders_text.hpp"

#include "mprofpp/base/text.hpp"
#include "mprofpp/base/text_width.hpp"
#include "mprofpp/base/units.hpp"
#include "mprofpp/inspect/detail/columns.hpp"
#include "mprofpp/inspect/detail/painter.hpp"
#include "mprofpp/inspect/detail/shown_json.hpp"
#include "mprofpp/inspect/holder_tree.hpp"

namespace mprofpp::inspect {
namespace {

using detail::ShownJson;

/// The letters before a child and before what is below it.
struct Branch {
  const char* child;
  const char* below;
};

Branch branch_for(TreeLetters letters, bool is_last) {
  if (letters == TreeLetters::ascii) return is_last ? Branch{"`- ", "   "} : Branch{"|- ", "|  "};
  return is_last ? Branch{"└─ ", "   "} : Branch{"├─ ", "│  "};
}

std::string trimmed(const std::optional<std::string>& via) {
  return via ? visible(trim(*via)) : std::string();
}

/// Writes trees of holders.
class Trees {
 public:
  Trees(const HoldersLook& look, const TableLook& table, TreeLetters letters)
      : look_(look), columns_(table.columns), letters_(letters), painter_(table.colours) {}

  std::string write() {
    for (const auto& root : merged_chains(look_.holders)) {
      out_ += "\n";
      write_line("", "", title_of_root(root.root, root.step), root);
      write_children(root, "");
    }
    return std::move(out_);
  }

 private:
  void write_children(const HolderNode& node, const std::string& indent) {
    for (const auto& child : node.children) {
      const auto branch = branch_for(letters_, &child == &node.children.back());
      write_line(indent + branch.child, trimmed(child.step.via), title_of(child.step), child);
      write_children(child, indent + branch.below);
    }
  }

  /// Writes a line that is cut where the terminal ends: how the object is held, and what it is.
  void write_line(const std::string& indent, const std::string& via, const std::string& title,
                  const HolderNode& node) {
    std::size_t room = columns_;
    const auto take = [&](const std::string& text) {
      if (columns_ == 0) return text;
      auto part = room == 0 ? std::string() : cut_to_width(text, room);
      room -= std::min(room, text_width(part));
      return part;
    };
    const bool is_new = node.target && look_.new_addresses.contains(node.step.address);
    const auto text =
        node.target ? target_line(look_, look_.holders.targets[*node.target]) : visible(title);
    out_ += take(indent);
    if (!via.empty()) out_ += painter_.strong(take(via)) + take("  ");
    const auto shown = take(text);
    out_ += (is_new        ? painter_.growing(shown)
             : node.target ? painter_.strong(shown)
                           : shown) +
            "\n";
  }

  const HoldersLook& look_;
  std::size_t columns_;
  TreeLetters letters_;
  detail::Painter painter_;
  std::string out_;
};

std::string object_name(const Target& target) {
  if (target.type.empty()) return visible(target.target);
  return visible(target.type) + (target.address.empty() ? "" : " at " + visible(target.address));
}

/// Returns a line for a target to which no chain leads; empty for the others.
std::string line_without_chain(const Target& target) {
  const auto name = object_name(target);
  switch (target.state) {
    case TargetState::held:
      if (!target.chains.empty()) return {};
      return name + ": no chain of this depth leads to it\n";
    case TargetState::unreachable:
      return name + ": only garbage holds it, which the next full collection frees\n";
    case TargetState::gone:
      return name + ": there is no such object any more\n";
    case TargetState::not_found:
      return name + ": there is no such object\n";
  }
  return {};
}

std::string direct_holders(const Target& target) {
  if (target.holders.empty()) return {};
  std::string text = "held directly by ";
  constexpr std::size_t most = 5;
  for (std::size_t i = 0; i < target.holders.size() && i < most; ++i) {
    const auto& [type, count] = target.holders[i];
    text += (i == 0 ? "" : ", ") + grouped_digits(count) + " " + visible(type);
  }
  return text + (target.holders.size() > most ? ", …" : "") + "\n";
}

ShownJson json_of(const Step& step) {
  return {{"address", step.address},
          {"type", step.type},
          {"name", step.name ? ShownJson(*step.name) : ShownJson(nullptr)},
          {"via", step.via ? ShownJson(*step.via) : ShownJson(nullptr)}};
}

ShownJson json_of(const Chain& chain) {
  const auto expression = expression_of(chain);
  ShownJson json{{"root", chain.root},
                 {"expression", expression ? ShownJson(*expression) : ShownJson(nullptr)}};
  auto& steps = json["steps"] = ShownJson::array();
  for (const auto& step : chain.steps) steps.push_back(json_of(step));
  return json;
}

const char* name_of(TargetState state) {
  switch (state) {
    case TargetState::held:
      return "held";
    case TargetState::unreachable:
      return "unreachable";
    case TargetState::gone:
      return "gone";
    case TargetState::not_found:
      return "not found";
  }
  return "";
}

ShownJson json_of(const Target& target, const HoldersLook& look) {
  ShownJson json{
      {"target", target.target},
      {"address", target.address},
      {"type", target.type},
      {"size", target.size},
      {"value", target.value ? ShownJson(*target.value) : ShownJson(nullptr)},
      {"references", target.references ? ShownJson(*target.references) : ShownJson(nullptr)},
      {"is_new", look.new_addresses.contains(target.address)},
      {"state", name_of(target.state)}};
  auto& chains = json["chains"] = ShownJson::array();
  for (const auto& chain : target.chains) chains.push_back(json_of(chain));
  auto& holders = json["holders"] = ShownJson::object();
  for (const auto& [type, count] : target.holders) holders[type] = count;
  return json;
}

}  // namespace

std::string target_line(const HoldersLook& look, const Target& target) {
  auto text = object_name(target) + ", " + detail::bytes_cell(target.size);
  if (look.new_addresses.contains(target.address)) text += ", new";
  constexpr std::size_t longest_value = 40;
  if (target.value) text += ": " + cut_to_width(visible(*target.value), longest_value);
  return text;
}

std::string holders_heading(const HoldersLook& look, const TableLook& table) {
  auto text = process_line(look.process, table);
  if (look.type) {
    const auto& type = *look.type;
    text += visible(type.name) + ": " + detail::counted_objects(type.count) + ", " +
            (type.is_lower_bound ? detail::least_bytes_cell(type.bytes)
                                 : detail::bytes_cell(type.bytes));
    if (type.new_objects)
      text += "; " + grouped_digits(*type.new_objects) + " new since the last look";
    return text + "\n";
  }
  for (const auto& target : look.holders.targets) {
    if (target.state != TargetState::held) continue;
    text += cut_to_width(target_line(look, target), table.columns == 0 ? 1000 : table.columns) +
            "\n" + direct_holders(target);
  }
  return text;
}

std::string holders_text(const HoldersLook& look, const TableLook& table, TreeLetters letters) {
  auto text = holders_heading(look, table) + Trees(look, table, letters).write();
  std::string others;
  for (const auto& target : look.holders.targets) others += line_without_chain(target);
  if (!others.empty()) text += "\n" + others;
  return text;
}

std::string holders_json(const HoldersLook& look) {
  auto json = detail::start_of_json(look.process.pid, look.process.command, look.holders.python);
  json["objects"] = look.holders.objects;
  json["edges"] = look.holders.edges;
  json["held_ms"] = detail::milliseconds_of(look.holders.held);
  if (look.type) {
    const auto& fresh = look.type->new_objects;
    json["type"] = {{"type", look.type->name},
                    {"count", look.type->count},
                    {"bytes", look.type->bytes},
                    {"is_lower_bound", look.type->is_lower_bound},
                    {"new", fresh ? ShownJson(*fresh) : ShownJson(nullptr)}};
  }
  auto& targets = json["targets"] = ShownJson::array();
  for (const auto& target : look.holders.targets) targets.push_back(json_of(target, look));
  return detail::line_of(json);
}

}  // namespace mprofpp::inspect
