#include "objects/items.hpp"

namespace mprofpp::agent::objects {

bool next_item(Object* dict, Size& position, Object*& key, Object*& value) {
  using Next = int(Object*, Size*, Object**, Object**);
  static constinit Next* next = nullptr;
  if (next == nullptr) next = python::symbol<Next>("PyDict_Next");
  return next != nullptr && next(dict, &position, &key, &value) != 0;
}

}  // namespace mprofpp::agent::objects
