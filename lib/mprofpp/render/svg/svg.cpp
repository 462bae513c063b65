#include "mprofpp/render/svg/svg.hpp"

#include <array>
#include <cmath>
#include <string_view>

#include "mprofpp/base/text.hpp"

namespace mprofpp::render {
namespace {

/// Appends a number with at most two decimals and without trailing zeros: a smaller part of a pixel is not
/// visible.
void append_number(std::string& out, double value) {
  const auto begin = out.size();
  append_fixed(out, value, 2);
  while (out.back() == '0') out.pop_back();
  if (out.back() == '.') out.pop_back();
  if (std::string_view(out).substr(begin) == "-0") out.erase(begin, 1);
}

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // XML cannot represent the other control characters
        out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
}

std::string hexadecimal(Colour colour) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "#";
  for (const auto channel : {colour.red, colour.green, colour.blue}) {
    text += digits[channel >> 4];
    text += digits[channel & 15];
  }
  return text;
}

/// Writes one document.
class Document {
 public:
  explicit Document(const Scene& scene) : scene_(scene) {}

  std::string write() {
    open();
    for (const auto& layer : scene_.layers) write_layer(layer);
    out_ += "</svg>\n";
    return std::move(out_);
  }

 private:
  void open() {
    out_ += "<svg xmlns=\"http://www.w3.org/2000/svg\"";
    number("width", scene_.width * scene_.zoom);
    number("height", scene_.height * scene_.zoom);
    out_ += " viewBox=\"0 0 ";
    append_number(out_, scene_.width);
    out_ += ' ';
    append_number(out_, scene_.height);
    out_ += "\" font-family=\"Verdana, 'DejaVu Sans', Geneva, sans-serif\">\n<title>";
    append_escaped(out_, scene_.title);
    out_ += "</title>\n<rect width=\"100%\" height=\"100%\"";
    text("fill", hexadecimal(scene_.paper));
    out_ += "/>\n";
    for (std::size_t i = 0; i < scene_.layers.size(); ++i) define_clip(i);
  }

  void define_clip(std::size_t index) {
    const auto& clip = scene_.layers[index].clip;
    if (!clip) return;
    out_ += "<clipPath id=\"clip" + std::to_string(index) + "\"><rect";
    rect(*clip);
    out_ += "/></clipPath>\n";
  }

  void write_layer(const Layer& layer) {
    const auto index = static_cast<std::size_t>(&layer - scene_.layers.data());
    out_ += "<g";
    if (layer.clip) text("clip-path", "url(#clip" + std::to_string(index) + ")");
    out_ += ">\n";
    for (const auto& shape : layer.shapes) {
      std::visit([this](const auto& s) { write(s); }, shape);
    }
    out_ += "</g>\n";
  }

  void write(const Path& path) {
    out_ += "<path d=\"";
    for (const auto& line : path.lines) append_line(line);
    out_ += "\" fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\"";
    pen(path.pen);
    close("path", path.tooltip);
  }

  void append_line(const std::vector<Dot>& line) {
    char command = 'M';
    for (const auto& dot : line) {
      out_ += command;
      append_dot(dot);
      command = 'L';
    }
    // a line of length 0 with round ends is a spot
    if (line.size() == 1) out_ += "h0";
  }

  void write(const Polygon& polygon) {
    out_ += "<polygon points=\"";
    for (const auto& dot : polygon.corners) {
      if (&dot != &polygon.corners.front()) out_ += ' ';
      append_dot(dot);
    }
    out_ += '"';
    fill(polygon.fill);
    close("polygon", polygon.tooltip);
  }

  void write(const Block& block) {
    out_ += "<rect";
    rect(block.place);
    fill(block.fill);
    if (block.outline) pen(*block.outline);
    close("rect", block.tooltip);
  }

  void write(const Circle& circle) {
    out_ += "<circle";
    number("cx", circle.centre.x);
    number("cy", circle.centre.y);
    number("r", circle.radius);
    fill(circle.fill);
    if (circle.outline) pen(*circle.outline);
    out_ += "/>\n";
  }

  void write(const Label& label) {
    constexpr std::array anchors = {"start", "middle", "end"};
    out_ += "<text";
    number("x", label.at.x);
    number("y", label.at.y);
    number("font-size", label.size);
    if (label.anchor != Anchor::left) {
      text("text-anchor", anchors[static_cast<std::size_t>(label.anchor)]);
    }
    if (label.weight == TextWeight::bold) text("font-weight", "bold");
    fill(label.paint);
    if (label.halo) {
      text("stroke", hexadecimal(*label.halo));
      out_ += " stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\"";
    }
    out_ += '>';
    append_escaped(out_, label.text);
    out_ += "</text>\n";
  }

  void append_dot(Dot dot) {
    append_number(out_, dot.x);
    out_ += ',';
    append_number(out_, dot.y);
  }

  void number(std::string_view name, double value) {
    out_.append(" ").append(name).append("=\"");
    append_number(out_, value);
    out_ += '"';
  }

  void text(std::string_view name, std::string_view value) {
    out_.append(" ").append(name).append("=\"").append(value).append("\"");
  }

  void rect(const Rect& place) {
    number("x", place.x);
    number("y", place.y);
    number("width", place.width);
    number("height", place.height);
  }

  void fill(const Paint& paint) {
    text("fill", hexadecimal(paint.colour));
    if (paint.opacity < 1) number("fill-opacity", paint.opacity);
  }

  void pen(const Pen& pen) {
    text("stroke", hexadecimal(pen.paint.colour));
    number("stroke-width", pen.width);
    if (pen.paint.opacity < 1) number("stroke-opacity", pen.paint.opacity);
    if (pen.dashes.empty()) return;
    out_ += " stroke-dasharray=\"";
    for (const double dash : pen.dashes) {
      if (&dash != &pen.dashes.front()) out_ += ' ';
      append_number(out_, dash);
    }
    out_ += '"';
  }

  void close(std::string_view element, const std::string& tooltip) {
    if (tooltip.empty()) {
      out_ += "/>\n";
      return;
    }
    out_ += "><title>";
    append_escaped(out_, tooltip);
    out_.append("</title></").append(element).append(">\n");
  }

  const Scene& scene_;
  std::string out_;
};

}  // namespace

std::string to_svg(const Scene& scene) {
  return Document(scene).write();
}

}  // namespace mprofpp::render
