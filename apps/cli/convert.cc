#include <cstdio>

#include "command.h"

namespace understudy::cli {

void add_convert(CLI::App& app, int&) {
  struct Flags {
    Common common;
    ReadFlags read;
    ConvertRequest request;
    std::vector<std::string> data;
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* command = app.add_subcommand("convert", "Write records in another format; they stay as secret as they were");
  command->add_option("--data", flags->data, "files of the records, or a clinical folder")->required();
  command->add_option("--schema", flags->request.data.schema, "schema file (.toml), or SDV metadata (.json)")->required();
  command->add_option("--ledger", flags->request.data.ledger, "default: beside the first file");
  command->add_option("--writer", flags->request.writer, "default: by the ending of --out; see: understudy list writers");
  command->add_option("--out", flags->request.out, "a file or a new folder")->required();
  command->add_flag("--synthetic", flags->request.synthetic, "the people do not exist; clinical folders say so on every row");
  add_read_flags(*command, flags->read);
  add_common(*command, flags->common);
  command->callback([flags] {
    flags->request.data.sources = sources(flags->data);
    flags->request.data.options = read_options(flags->read);
    const WriteReport report = convert(flags->request, make_context(flags->common));
    std::printf("records: %s\n", flags->request.out.c_str());
    for (const auto& lost : report.lost) std::printf("lost: %s (%lld)\n", lost.what.c_str(), static_cast<long long>(lost.count));
  });
}

}  // namespace understudy::cli
