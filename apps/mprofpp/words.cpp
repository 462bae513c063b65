#include "words.hpp"

#include <algorithm>

#include "mprofpp/base/nearest.hpp"
#include "mprofpp/base/text.hpp"

namespace mprofpp::app {
namespace {

bool looks_like_option(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && word != "--";
}

bool is_negative_number(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && parse_number(word).has_value();
}

const OptionShape* find_exact(const std::vector<OptionShape>& options, const std::string& name) {
  for (const auto& option : options) {
    if (std::find(option.names.begin(), option.names.end(), name) != option.names.end()) {
      return &option;
    }
  }
  return nullptr;
}

struct Named {
  const OptionShape* option;
  std::string name;  ///< spelled out
};

/// A word about the option that was misspelt, if it is near one.
std::string meant_by(const std::vector<OptionShape>& options, const std::string& word) {
  std::vector<std::string> names;
  for (const auto& option : options) {
    for (const auto& name : option.names) {
      if (name.starts_with("--")) names.push_back(name);
    }
  }
  const auto name = nearest(word, names);
  return name ? "did you mean " + *name + "?" : "";
}

/// `--multi` is --multiprocess as long as nothing else begins like it.
Result<Named> find_long(const std::vector<OptionShape>& options, const std::string& prefix) {
  if (const auto* option = find_exact(options, prefix)) return Named{option, prefix};
  std::vector<Named> found;
  for (const auto& option : options) {
    for (const auto& name : option.names) {
      if (name.starts_with(prefix)) found.push_back({&option, name});
    }
  }
  if (found.empty()) {
    return fail(Errc::invalid_argument, prefix, "no such option", meant_by(options, prefix));
  }
  if (found.size() > 1) {
    return fail(Errc::invalid_argument, prefix,
                "could be " + found[0].name + " or " + found[1].name);
  }
  return found[0];
}

/// Reads the options at the front of the words, one call a word.
class OptionReader {
 public:
  OptionReader(const std::vector<std::string>& words, const std::vector<OptionShape>& options)
      : words_(words), options_(options) {}

  bool done() const { return next_ == words_.size(); }
  const std::string& peek() const { return words_[next_]; }
  std::string take() { return words_[next_++]; }

  Result<void> take_option(std::vector<std::string>& out) {
    const auto word = take();
    return word.starts_with("--") ? take_long(word, out) : take_short(word, out);
  }

 private:
  Result<void> take_long(const std::string& word, std::vector<std::string>& out) {
    const auto equals = word.find('=');
    auto named = find_long(options_, word.substr(0, equals));
    if (!named) return Failure(std::move(named.error()));
    if (equals != std::string::npos) {
      if (!named->option->takes_value) {
        return fail(Errc::invalid_argument, named->name, "takes no value");
      }
      if (equals + 1 == word.size()) {
        return fail(Errc::invalid_argument, named->name, "needs a value behind it");
      }
      out.push_back(named->name + word.substr(equals));
      return {};
    }
    if (!named->option->takes_value) {
      out.push_back(named->name);
      return {};
    }
    return take_value(named->name, out);
  }

  /// -C, -CM, -T0.1, -CMT 0.1
  Result<void> take_short(const std::string& word, std::vector<std::string>& out) {
    for (std::size_t i = 1; i < word.size(); ++i) {
      const std::string name = {'-', word[i]};
      const auto* option = find_exact(options_, name);
      if (option == nullptr) {
        return fail(Errc::invalid_argument, name, "no such option", meant_by(options_, '-' + word));
      }
      if (!option->takes_value) {
        out.push_back(name);
      } else if (i + 1 < word.size()) {
        out.push_back(joined(*option, word.substr(i + 1)));
        return {};
      } else {
        return take_value(name, out);
      }
    }
    return {};
  }

  Result<void> take_value(const std::string& name, std::vector<std::string>& out) {
    if (done() || peek().empty()) {
      return fail(Errc::invalid_argument, long_name(*find_exact(options_, name)),
                  "needs a value behind it");
    }
    out.push_back(joined(*find_exact(options_, name), take()));
    return {};
  }

  static const std::string& long_name(const OptionShape& option) {
    const auto found = std::find_if(option.names.begin(), option.names.end(),
                                    [](const auto& name) { return name.starts_with("--"); });
    return found == option.names.end() ? option.names.front() : *found;
  }

  /// --name=value: the one form in which a value may begin with a minus.
  static std::string joined(const OptionShape& option, const std::string& value) {
    const auto& name = long_name(option);
    return name + (name.starts_with("--") ? "=" : "") + value;
  }

  const std::vector<std::string>& words_;
  const std::vector<OptionShape>& options_;
  std::size_t next_ = 0;
};

}  // namespace

Result<CutWords> cut_at_program(const std::vector<std::string>& words,
                                const std::vector<OptionShape>& options) {
  CutWords cut;
  OptionReader reader(words, options);
  while (!reader.done() && looks_like_option(reader.peek())) {
    if (auto taken = reader.take_option(cut.options); !taken) return Failure(taken.error());
  }
  if (!reader.done() && reader.peek() == "--") reader.take();
  while (!reader.done()) cut.rest.push_back(reader.take());
  return cut;
}

Result<CutWords> separate_operands(const std::vector<std::string>& words,
                                   const std::vector<OptionShape>& options) {
  CutWords cut;
  OptionReader reader(words, options);
  while (!reader.done()) {
    if (reader.peek() == "--") {
      reader.take();
      while (!reader.done()) cut.rest.push_back(reader.take());
    } else if (looks_like_option(reader.peek()) && !is_negative_number(reader.peek())) {
      if (auto taken = reader.take_option(cut.options); !taken) return Failure(taken.error());
    } else {
      cut.rest.push_back(reader.take());
    }
  }
  return cut;
}

}  // namespace mprofpp::app
