#pragma once

/// A function that programs find by its name. All else is hidden.
#define MPROFPP_EXPORT extern "C" __attribute__((visibility("default")))
