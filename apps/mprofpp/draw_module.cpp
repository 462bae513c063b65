#include "draw_module.hpp"

#include <dlfcn.h>

#include <utility>

#include "layout.hpp"

namespace mprofpp::app {
namespace {

class ModuleMeasure : public render::TextMeasure {
 public:
  ModuleMeasure(const render::RasterModule& module, void* handle)
      : module_(module), handle_(handle) {}

  double width(std::string_view text, double size, render::TextWeight weight) const override {
    return module_.text_width(handle_, {text.data(), text.size(), size, weight});
  }

 private:
  const render::RasterModule& module_;
  void* handle_;
};

void append(void* to, const char* bytes, std::size_t count) {
  static_cast<std::string*>(to)->append(bytes, count);
}

}  // namespace

DrawModule::DrawModule(const render::RasterModule& module, void* handle)
    : module_(&module),
      handle_(handle),
      measure_(std::make_unique<ModuleMeasure>(module, handle)) {}

DrawModule::DrawModule(DrawModule&& other) noexcept
    : module_(other.module_),
      handle_(std::exchange(other.handle_, nullptr)),
      measure_(std::move(other.measure_)) {}

DrawModule::~DrawModule() {
  // the library itself stays: Pango's and fontconfig's own data would not survive being unloaded
  if (handle_ != nullptr) module_->close(handle_);
}

Result<DrawModule> DrawModule::load(const std::string& path) {
  if (auto there = check_part(path); !there) {
    there.error().what += ": it draws PNG and PDF";
    there.error().hint += "; -o with .svg works without it";
    return Failure(std::move(there.error()));
  }
  void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    return fail(Errc::not_found, "", std::string("cannot draw PNG and PDF: ") + ::dlerror(),
                "-o with .svg works without it");
  }
  const auto entry = reinterpret_cast<render::RasterEntry>(::dlsym(library, render::raster_symbol));
  const auto* module = entry == nullptr ? nullptr : entry();
  if (module == nullptr || module->version != render::raster_version) {
    return fail(Errc::unsupported, path, "belongs to another mprofpp", "install it anew");
  }
  if (!module->has_threads()) {
    return fail(Errc::unsupported, "", "cannot draw PNG and PDF: no thread can be started",
                "ulimit -u or a sandbox forbids it; -o with .svg works without it");
  }
  void* handle = module->open();
  if (handle == nullptr) return fail(Errc::io, path, "out of memory");
  DrawModule loaded(*module, handle);
  if (module->has_letters(handle)) return loaded;
  return fail(Errc::unsupported, "", "cannot draw PNG and PDF: no font is installed",
              "install one, as Debian's fonts-dejavu-core; -o with .svg works without it");
}

Result<std::string> DrawModule::draw(const render::Scene& scene, render::RasterFormat format,
                                     double scale) const {
  std::string bytes;
  const render::RasterRequest request{&scene, format, scale, append, &bytes};
  if (const char* failure = module_->draw(handle_, request)) {
    return fail(Errc::io, "", std::string("cannot draw: ") + failure);
  }
  return bytes;
}

}  // namespace mprofpp::app
