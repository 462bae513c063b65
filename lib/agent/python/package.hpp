#pragma once

#include "python/object.hpp"

/// Our module `mprofpp` is in the place of the package of that name, which the program may have installed.
/// What the package has and our module does not is found in the package when the program asks for it.
namespace mprofpp::agent::python {

/// Lets the module find the names and the modules of the package.
void put_before_package(Object* module);

/// Must be called when the program that starts is a module: python -m mprofpp needs the package.
void prepare_for_module(const char* name);

}  // namespace mprofpp::agent::python
