#include "mprofpp/render/raster/draw_module.hpp"

#include <dlfcn.h>

#include <filesystem>
#include <utility>

namespace mprofpp::render {
namespace {

class ModuleMeasure : public TextMeasure {
 public:
  ModuleMeasure(const RasterModule& module, void* handle) : module_(module), handle_(handle) {}

  double width(std::string_view text, double size, TextWeight weight) const override {
    return module_.text_width(handle_, {text.data(), text.size(), size, weight});
  }

 private:
  const RasterModule& module_;
  void* handle_;
};

void append(void* to, const char* bytes, std::size_t count) {
  static_cast<std::string*>(to)->append(bytes, count);
}

/// Returns false if a folder cannot be entered. Opening the file reports that.
bool is_missing(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  return fs::status(path, error).type() == fs::file_type::not_found;
}

}  // namespace

DrawModule::DrawModule(const RasterModule& module, void* handle)
    : module_(&module),
      handle_(handle),
      measure_(std::make_unique<ModuleMeasure>(module, handle)) {}

DrawModule::DrawModule(DrawModule&& other) noexcept
    : module_(other.module_),
      handle_(std::exchange(other.handle_, nullptr)),
      measure_(std::move(other.measure_)) {}

DrawModule::~DrawModule() {
  // the library stays loaded: the global data of Pango and fontconfig would not survive dlclose()
  if (handle_ != nullptr) module_->close(handle_);
}

Result<DrawModule> DrawModule::load(const std::string& path) {
  if (is_missing(path)) {
    return fail(Errc::not_found, path, "is missing: it is needed for PNG and PDF");
  }
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return fail(Errc::not_found, "", std::string("cannot draw PNG and PDF: ") + ::dlerror());
  }
  const auto entry = reinterpret_cast<RasterEntry>(::dlsym(library, raster_symbol));
  const auto* module = entry == nullptr ? nullptr : entry();
  if (module == nullptr || module->stamp != raster_stamp) {
    return fail(Errc::unsupported, path, "belongs to another build of mprofpp",
                "reinstall mprofpp");
  }
  if (!module->has_threads()) {
    return fail(Errc::unsupported, "", "cannot draw PNG and PDF: no thread can be started",
                "ulimit -u or a sandbox forbids it");
  }
  void* handle = module->open();
  if (handle == nullptr) return fail(Errc::io, path, "out of memory");
  DrawModule loaded(*module, handle);
  if (module->has_font(handle)) return loaded;
  return fail(Errc::unsupported, "", "cannot draw PNG and PDF: no font is installed",
              "install one, e.g. Debian's fonts-dejavu-core");
}

Result<std::string> DrawModule::draw(const Scene& scene, RasterFormat format, double scale) const {
  std::string bytes;
  const RasterRequest request{&scene, format, scale, append, &bytes};
  if (const char* failure = module_->draw(handle_, request)) {
    return fail(Errc::io, "", std::string("cannot draw: ") + failure);
  }
  return bytes;
}

}  // namespace mprofpp::render
