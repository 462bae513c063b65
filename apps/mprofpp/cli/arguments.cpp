#include "cli/arguments.hpp"

#include <algorithm>

#include "mprofpp/base/nearest.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

bool looks_like_option(const std::string& argument) {
  return argument.size() > 1 && argument[0] == '-' && argument != "--";
}

bool is_negative_number(const std::string& argument) {
  return argument.size() > 1 && argument[0] == '-' && parse_number(argument).has_value();
}

bool contains(const std::vector<std::string>& texts, const std::string& text) {
  return std::find(texts.begin(), texts.end(), text) != texts.end();
}

const OptionShape* find_exact(const std::vector<OptionShape>& options, const std::string& name) {
  for (const auto& option : options) {
    if (contains(option.names, name)) return &option;
  }
  return nullptr;
}

const OptionShape* find_abbreviation(const std::vector<OptionShape>& options,
                                     const std::string& abbreviation) {
  for (const auto& option : options) {
    if (contains(option.abbreviations, abbreviation)) return &option;
  }
  return nullptr;
}

const std::string& long_name(const OptionShape& option) {
  const auto found = std::find_if(option.names.begin(), option.names.end(),
                                  [](const auto& name) { return name.starts_with("--"); });
  return found == option.names.end() ? option.names.front() : *found;
}

struct Named {
  const OptionShape* option;
  std::string name;  ///< the full name
};

/// Returns a hint if the misspelt option is similar to an existing one; empty if not.
std::string suggestion_for(const std::string& misspelt, const std::vector<OptionShape>& options) {
  std::vector<std::string> names;
  for (const auto& option : options) {
    for (const auto& name : option.names) {
      if (name.starts_with("--")) names.push_back(name);
    }
  }
  const auto name = nearest(misspelt, names);
  return name ? "did you mean " + *name + "?" : "";
}

/// Finds an option by its name or by an unambiguous prefix: `--multi` is --multiprocess.
Result<Named> find_long(const std::vector<OptionShape>& options, const std::string& prefix) {
  if (const auto* option = find_exact(options, prefix)) return Named{option, prefix};
  if (const auto* option = find_abbreviation(options, prefix)) {
    return Named{option, long_name(*option)};
  }
  std::vector<Named> found;
  for (const auto& option : options) {
    for (const auto& name : option.names) {
      if (name.starts_with(prefix)) found.push_back({&option, name});
    }
  }
  if (found.empty()) {
    return fail(Errc::invalid_argument, prefix, "no such option", suggestion_for(prefix, options));
  }
  if (found.size() > 1) {
    return fail(Errc::invalid_argument, prefix,
                "could be " + found[0].name + " or " + found[1].name);
  }
  return found[0];
}

/// Reads the options at the front of the arguments. Each call of read_option() reads one argument and, if
/// its option needs one, the value that follows.
class OptionReader {
 public:
  OptionReader(const Arguments& arguments, const std::vector<OptionShape>& options)
      : arguments_(arguments), options_(options) {}

  bool done() const { return next_ == arguments_.size(); }
  const std::string& peek() const { return arguments_[next_]; }
  std::string next() { return arguments_[next_++]; }

  Result<void> read_option(Arguments& out) {
    const auto argument = next();
    return argument.starts_with("--") ? read_long(argument, out) : read_short(argument, out);
  }

 private:
  Result<void> read_long(const std::string& argument, Arguments& out) {
    const auto equals = argument.find('=');
    auto named = find_long(options_, argument.substr(0, equals));
    if (!named) return Failure(std::move(named.error()));
    if (equals != std::string::npos) {
      if (!named->option->takes_value && !named->option->may_take_value) {
        return fail(Errc::invalid_argument, named->name, "takes no value");
      }
      if (equals + 1 == argument.size()) {
        return fail(Errc::invalid_argument, named->name, "needs a value");
      }
      out.push_back(named->name + argument.substr(equals));
      return {};
    }
    if (!named->option->takes_value) {
      out.push_back(named->name);
      return {};
    }
    return read_value(named->name, out);
  }

  /// Reads short options such as -C, -CM, -T0.1 and -CMT 0.1.
  Result<void> read_short(const std::string& argument, Arguments& out) {
    for (std::size_t i = 1; i < argument.size(); ++i) {
      const std::string name = {'-', argument[i]};
      const auto* option = find_exact(options_, name);
      if (option == nullptr) {
        return fail(Errc::invalid_argument, name, "no such option",
                    suggestion_for('-' + argument, options_));
      }
      if (!option->takes_value) {
        out.push_back(name);
      } else if (i + 1 < argument.size()) {
        out.push_back(joined(*option, argument.substr(i + 1)));
        return {};
      } else {
        return read_value(name, out);
      }
    }
    return {};
  }

  Result<void> read_value(const std::string& name, Arguments& out) {
    const auto& option = *find_exact(options_, name);
    if (done() || peek().empty()) {
      return fail(Errc::invalid_argument, long_name(option), "needs a value");
    }
    out.push_back(joined(option, next()));
    return {};
  }

  /// Returns --name=value, the only form in which CLI11 accepts a value that starts with a minus sign.
  static std::string joined(const OptionShape& option, const std::string& value) {
    const auto& name = long_name(option);
    return name + (name.starts_with("--") ? "=" : "") + value;
  }

  const Arguments& arguments_;
  const std::vector<OptionShape>& options_;
  std::size_t next_ = 0;
};

}  // namespace

Result<SplitArguments> split_at_program(const Arguments& arguments,
                                        const std::vector<OptionShape>& options) {
  SplitArguments split;
  OptionReader reader(arguments, options);
  while (!reader.done() && looks_like_option(reader.peek())) {
    if (auto read = reader.read_option(split.options); !read) return Failure(read.error());
  }
  if (!reader.done() && reader.peek() == "--") reader.next();
  while (!reader.done()) split.rest.push_back(reader.next());
  return split;
}

Result<SplitArguments> separate_operands(const Arguments& arguments,
                                         const std::vector<OptionShape>& options) {
  SplitArguments split;
  OptionReader reader(arguments, options);
  while (!reader.done()) {
    if (reader.peek() == "--") {
      reader.next();
      while (!reader.done()) split.rest.push_back(reader.next());
    } else if (looks_like_option(reader.peek()) && !is_negative_number(reader.peek())) {
      if (auto read = reader.read_option(split.options); !read) return Failure(read.error());
    } else {
      split.rest.push_back(reader.next());
    }
  }
  return split;
}

Result<std::optional<std::string>> first_operand(const Arguments& arguments,
                                                 const std::vector<OptionShape>& options) {
  Arguments ignored;
  OptionReader reader(arguments, options);
  while (!reader.done() && looks_like_option(reader.peek()) && !is_negative_number(reader.peek())) {
    if (auto read = reader.read_option(ignored); !read) return Failure(read.error());
  }
  if (!reader.done() && reader.peek() == "--") reader.next();
  return reader.done() ? std::nullopt : std::optional(reader.next());
}

}  // namespace mprofpp::app
