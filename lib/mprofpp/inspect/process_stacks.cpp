#include "mprofpp/inspect/process_stacks.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "mprofpp/base/text.hpp"
#include "mprofpp/inspect/detail/painter.hpp"

namespace mprofpp::inspect {
namespace {

using Json = nlohmann::ordered_json;

/// Stacks that are equal.
struct Group {
  const Stack* first;
  std::string state;
  std::vector<const Stack*> stacks;
};

std::string state_of(const Stack& stack, const ProcessStacks& process) {
  const auto found = stack.tid ? process.states.find(*stack.tid) : process.states.end();
  return found == process.states.end() ? "" : found->second;
}

/// Returns what is equal in equal stacks.
std::string key_of(const Stack& stack, const std::string& state) {
  std::string key = std::to_string(static_cast<int>(stack.kind)) + state;
  for (const auto& frame : stack.frames) {
    key.append(1, '\0').append(frame.function).append(1, '\0').append(frame.file);
    key.append(1, '\0').append(std::to_string(frame.line));
    for (const auto& local : frame.locals)
      key.append(1, '\1').append(local.name).append(1, '\1').append(local.value);
  }
  return key;
}

/// Returns the threads in the order in which they were started, the main thread first, then the others.
std::vector<const Stack*> sorted(const std::vector<Stack>& stacks) {
  std::vector<const Stack*> order;
  for (const auto& stack : stacks) order.push_back(&stack);
  const auto key = [](const Stack* stack) {
    return std::pair(stack->kind, stack->tid.value_or(std::numeric_limits<pid_t>::max()));
  };
  std::stable_sort(order.begin(), order.end(),
                   [&](const Stack* a, const Stack* b) { return key(a) < key(b); });
  return order;
}

std::vector<Group> grouped(const ProcessStacks& process) {
  std::vector<Group> groups;
  std::unordered_map<std::string, std::size_t> index;
  for (const auto* stack : sorted(process.stacks.stacks)) {
    auto state = state_of(*stack, process);
    const auto [at, is_new] = index.emplace(key_of(*stack, state), groups.size());
    if (is_new) groups.push_back({stack, std::move(state), {}});
    groups[at->second].stacks.push_back(stack);
  }
  return groups;
}

const char* word_of(StackKind kind) {
  switch (kind) {
    case StackKind::thread:
      return "thread";
    case StackKind::task:
      return "task";
    case StackKind::greenlet:
      return "greenlet";
  }
  return "";
}

std::string title_of(const Stack& stack) {
  auto title = visible(stack.name);
  if (stack.tid) title += (title.empty() ? "" : " ") + std::to_string(*stack.tid);
  return title;
}

/// Returns the names of the stacks, at most so many that they fit on one or two lines.
std::string titles_of(const Group& group) {
  constexpr std::size_t longest = 100;
  std::string text;
  std::size_t count = 0;
  for (const auto* stack : group.stacks) {
    const auto title = title_of(*stack);
    if (!text.empty() && text.size() + title.size() > longest) break;
    if (!title.empty()) text += (text.empty() ? "" : ", ") + title;
    ++count;
  }
  const auto left = group.stacks.size() - count;
  if (left > 0) text += " and " + std::to_string(left) + " more";
  return text;
}

/// Returns the first line of a paragraph: "thread MainThread 123, waiting in poll", "3 tasks: a, b, c".
std::string heading(const Group& group, const detail::Painter& painter) {
  const std::string word = word_of(group.first->kind);
  const auto count = group.stacks.size();
  const auto titles = titles_of(group);
  std::string text = count == 1 ? word : std::to_string(count) + " " + word + "s";
  text = painter.strong(text + (titles.empty() ? "" : (count == 1 ? " " : ": ") + titles));
  if (group.state.empty()) return text;
  return text + (count == 1 ? ", " : "; ") + (count == 1 ? "" : "all ") + group.state;
}

std::string place_of(const Frame& frame, const ProcessStacks& process) {
  const auto path = visible(short_path(frame.file, process.folder));
  return "(" + path + (frame.line > 0 ? ":" + std::to_string(frame.line) : "") + ")";
}

/// Returns true for names such as __builtins__, which every module has.
bool is_of_module(std::string_view name) {
  return name.size() > 4 && name.starts_with("__") && name.ends_with("__");
}

void append_group(std::string& out, const Group& group, const ProcessStacks& process,
                  const detail::Painter& painter) {
  out += "\n" + heading(group, painter) + "\n";
  if (group.first->frames.empty()) out += "  " + painter.faint("no Python functions") + "\n";
  for (const auto& frame : group.first->frames) {
    out += "  " + visible(frame.function) + " " + painter.faint(place_of(frame, process)) + "\n";
    for (const auto& local : frame.locals) {
      if (is_of_module(local.name)) continue;
      out += "      " + visible(local.name) + " = " + visible(local.value) + "\n";
    }
  }
}

bool starts_with_folder(std::string_view path, std::string_view folder) {
  return folder.size() > 1 && path.size() > folder.size() && path.starts_with(folder) &&
         path[folder.size()] == '/';
}

/// Returns what follows /lib/python3.11/ in a path, or similar; nothing if it has no such folder.
std::optional<std::string_view> within_library(std::string_view path) {
  constexpr std::string_view start = "/python3";
  for (auto at = path.find(start); at != std::string_view::npos; at = path.find(start, at + 1)) {
    const auto name = path.substr(at + start.size());
    const auto end = name.find_first_not_of(".0123456789t");
    if (end != std::string_view::npos && name[end] == '/') return name.substr(end + 1);
  }
  return std::nullopt;
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_text_of(const Frame& frame) {
  Json json{{"function", frame.function}, {"file", frame.file}, {"line", frame.line}};
  if (!frame.locals.empty()) {
    auto& locals = json["locals"] = Json::object();
    for (const auto& local : frame.locals) locals[local.name] = local.value;
  }
  return text_of(json);
}

/// The JSON of frames. Most threads are in the same places as others, so that each place is written once.
class FrameTexts {
 public:
  std::string of(const Frame& frame) {
    if (!frame.locals.empty()) return json_text_of(frame);
    auto key = frame.function + '\0' + frame.file + '\0' + std::to_string(frame.line);
    auto& text = texts_[std::move(key)];
    if (text.empty()) text = json_text_of(frame);
    return text;
  }

 private:
  std::unordered_map<std::string, std::string> texts_;
};

std::string json_text_of(const Stack& stack, const ProcessStacks& process, FrameTexts& texts) {
  const auto state = state_of(stack, process);
  const Json json{{"kind", word_of(stack.kind)},
                  {"name", stack.name},
                  {"tid", stack.tid ? Json(*stack.tid) : Json(nullptr)},
                  {"state", state.empty() ? Json(nullptr) : Json(state)}};
  auto text = text_of(json);
  text.back() = ',';
  text += R"("frames":[)";
  for (const auto& frame : stack.frames) {
    if (&frame != stack.frames.data()) text += ',';
    text += texts.of(frame);
  }
  return text + "]}";
}

Json milliseconds(Duration duration) {
  constexpr double millisecond = 1e6;
  return static_cast<double>(duration.count()) / millisecond;
}

}  // namespace

std::string_view short_path(std::string_view path, std::string_view folder) {
  for (const std::string_view library : {"/site-packages/", "/dist-packages/"}) {
    const auto at = path.find(library);
    if (at != std::string_view::npos) return path.substr(at + library.size());
  }
  if (const auto rest = within_library(path)) return *rest;
  if (starts_with_folder(path, folder)) return path.substr(folder.size() + 1);
  return path;
}

std::string stacks_text(const ProcessStacks& process, TextColours colours) {
  const detail::Painter painter(colours);
  std::string out = painter.strong("process " + std::to_string(process.pid)) + ", Python " +
                    visible(process.stacks.python) + ": " + visible(process.command) + "\n";
  for (const auto& group : grouped(process)) append_group(out, group, process, painter);
  if (!process.stacks.left_out.empty())
    out += "\nleft out: " + visible(process.stacks.left_out) + "\n";
  return out;
}

std::string stacks_json(const ProcessStacks& process) {
  const Json json{{"schema", 1},
                  {"pid", process.pid},
                  {"command", process.command},
                  {"python", process.stacks.python},
                  {"left_out", process.stacks.left_out},
                  {"held_ms", milliseconds(process.held)},
                  {"stopped_ms", process.stopped ? milliseconds(*process.stopped) : Json(nullptr)}};
  auto text = text_of(json);
  text.back() = ',';
  text += R"("stacks":[)";
  FrameTexts texts;
  for (const auto& stack : process.stacks.stacks) {
    if (&stack != process.stacks.stacks.data()) text += ',';
    text += json_text_of(stack, process, texts);
  }
  return text + "]}\n";
}

}  // namespace mprofpp::inspect
