#pragma once

namespace mprofpp::inspect {

enum class TextColours { none, shown };

}  // namespace mprofpp::inspect
