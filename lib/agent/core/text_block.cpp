#include "core/text_block.hpp"

#include <string.h>

namespace mprofpp::agent {

const char* value_in(const char* block, const char* name) {
  const auto length = strlen(name);
  for (; *block != '\0'; block += strlen(block) + 1) {
    if (strncmp(block, name, length) == 0 && block[length] == '=') return block + length + 1;
  }
  return nullptr;
}

}  // namespace mprofpp::agent
