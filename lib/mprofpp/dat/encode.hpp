#pragma once

#include <string>

#include "mprofpp/model/record.hpp"

/// The grammar of a recording's lines, towards the file. Each function appends one whole line with its
/// newline. The grammar itself is described in share/doc/format.md.
namespace mprofpp::dat {

void append_line(std::string& out, const model::Sample& sample);
void append_line(std::string& out, const model::ChildSample& sample);
void append_line(std::string& out, const model::CommandLine& command);
void append_line(std::string& out, const model::Meta& meta);
void append_line(std::string& out, const model::Process& process);
void append_line(std::string& out, const model::Call& call);
void append_line(std::string& out, const model::OpenCall& call);
void append_line(std::string& out, const model::CallGroup& group);
void append_line(std::string& out, const model::PointMark& mark);
void append_line(std::string& out, const model::Exit& exit);
void append_line(std::string& out, const model::KernelPeak& peak);
void append_line(std::string& out, const model::Lost& lost);
void append_line(std::string& out, const model::Suspended& suspended);
void append_line(std::string& out, const model::End& end);

}  // namespace mprofpp::dat
