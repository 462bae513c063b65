#pragma once

#include <string>

#include "mprofpp/model/record.hpp"
#include "mprofpp/model/settings.hpp"

/// Formats the lines of a recording. Each function appends one whole line with its newline. The
/// format is described in share/doc/format.md.
namespace mprofpp::dat {

void append_line(std::string& out, const model::Sample& sample);
void append_line(std::string& out, const model::ChildSample& sample);
void append_line(std::string& out, const model::CommandLine& command);
/// Appends a line for each setting.
void append_line(std::string& out, const model::Settings& settings);
void append_line(std::string& out, const model::Process& process);
void append_line(std::string& out, const model::Call& call);
void append_line(std::string& out, const model::OpenCall& call);
void append_line(std::string& out, const model::CallGroup& group);
void append_line(std::string& out, const model::PointMark& mark);
void append_line(std::string& out, const model::Title& title);
void append_line(std::string& out, const model::Exit& exit);
void append_line(std::string& out, const model::KernelPeak& peak);
void append_line(std::string& out, const model::Lost& lost);
void append_line(std::string& out, const model::Limit& limit);
void append_line(std::string& out, const model::Line& line);
void append_line(std::string& out, const model::ObjectCount& objects);
void append_line(std::string& out, const model::Suspended& suspended);
void append_line(std::string& out, const model::End& end);

}  // namespace mprofpp::dat
