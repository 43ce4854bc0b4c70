#include <cstdio>
#include <nlohmann/json.hpp>

#include "command.h"
#include "understudy/error.h"
#include "understudy/generator.h"
#include "understudy/metric.h"
#include "understudy/privacy.h"
#include "understudy/reader.h"
#include "understudy/simulator.h"

namespace understudy::cli {
namespace {

using nlohmann::ordered_json;

ordered_json options_of(std::span<const OptionSpec> specs) {
  ordered_json result = ordered_json::array();
  for (const OptionSpec& spec : specs) {
    ordered_json option = {{"name", spec.name}, {"default", spec.default_value}, {"help", spec.help}};
    if (spec.type == OptionType::choice) option["choices"] = spec.choices;
    result.push_back(option);
  }
  return result;
}

template <class Entries>
ordered_json rows(const Entries& entries) {
  ordered_json result = ordered_json::array();
  for (const auto& entry : entries) result.push_back({{"name", entry.name}, {"summary", entry.summary}});
  return result;
}

ordered_json list(const std::string& what) {
  if (what == "readers") return rows(readers());
  if (what == "writers") return rows(writers());
  if (what == "metrics") return rows(metrics());
  if (what == "accountants") return rows(accountants());
  if (what == "variables") return rows(clinical_variables());
  if (what == "simulators") return rows(simulators());
  ordered_json result = ordered_json::array();
  for (const GeneratorEntry& entry : generators()) {
    result.push_back({{"name", entry.name}, {"summary", entry.summary}, {"keeps_records", entry.keeps_records},
                      {"options", options_of(entry.options)}});
  }
  return result;
}

void print(const ordered_json& entries) {
  for (const auto& entry : entries) {
    std::printf("%-20s %s\n", entry["name"].get<std::string>().c_str(), entry["summary"].get<std::string>().c_str());
    for (const auto& option : entry.value("options", ordered_json::array())) {
      const std::string text = fmt::format("{} = {}", option["name"].get<std::string>(), option["default"].get<std::string>());
      std::printf("    %-30s %s%s\n", text.c_str(), option["help"].get<std::string>().c_str(),
                  option.contains("choices") ? fmt::format(" ({})", option["choices"].get<std::string>()).c_str() : "");
    }
  }
}

}  // namespace

void add_list(CLI::App& app, int&) {
  struct Flags {
    Common common;
    std::string what;
    bool json = false;
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("list", "What this build offers");
  command->add_option("what", flags->what)
      ->required()
      ->check(CLI::IsMember({"readers", "writers", "generators", "metrics", "simulators", "accountants", "variables"}));
  command->add_flag("--json", flags->json, "as JSON");
  add_common(*command, flags->common);
  command->callback([flags] {
    const ordered_json entries = list(flags->what);
    if (flags->json) {
      std::printf("%s\n", entries.dump(2).c_str());
    } else {
      print(entries);
    }
  });
}

}  // namespace understudy::cli
