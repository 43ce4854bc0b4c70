// What each command does, step by step; the same for the command line and for bindings. Requests are plain data.
//
//   RunRequest request = read_run_file("examples/fitbit.toml");
//   request.out = "out/fitbit";
//   RunResult result = run(request, context);   // result.decision, result.report
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "understudy/context.h"
#include "understudy/ledger.h"
#include "understudy/ranks.h"
#include "understudy/reader.h"

namespace understudy {

// Where records come from: files with a schema, or a simulator.
struct DataRequest {
  std::vector<Source> sources;
  std::string schema;          // path; .toml ours, .json SDV metadata
  ReadOptions options;
  std::string simulator;       // name; then sources and schema are empty
  std::int64_t subjects = 0;   // of the simulator
  std::string ledger;          // path; empty: beside the first source, FILE.ledger.jsonl
};

struct GeneratorRequest {
  std::string name;
  std::vector<std::pair<std::string, std::string>> options;
  std::string no_privacy;      // the reason for training without a guarantee; or
  std::optional<Budget> budget;  // what a private training may spend
  double schema_share = 0;       // of the budget (of mu^2): buys bounds and categories that are not public
  std::optional<Budget> limit;   // what the data set may ever spend; default: what its ledger says, else the budget
};

struct InspectRequestFile {
  InspectRequest data;
  std::string out;             // the schema draft
  std::string ledger;          // as in DataRequest: a draft is a look at the records, and listed
};
// Writes the draft and returns it as text.
std::string inspect(const InspectRequestFile& request, const Context& context);

struct SimulateRequest {
  std::string simulator;
  std::int64_t subjects = 0;
  std::string out;             // OUT and OUT.schema.toml. With a '*': files of 8,192 people, so that memory does not depend on
                               // how many there are; '*' is 00000, 00001, ... and, of the schema, "all"
  std::string writer;          // empty: by ending
};
void simulate(const SimulateRequest& request, const Context& context);

struct ConvertRequest {
  DataRequest data;
  std::string out;             // a file, or a new folder for clinical formats
  std::string writer;          // empty: by ending
  bool synthetic = false;      // whether the people do not exist
};
// Reads records and writes them in another format: a look, listed in the ledger of the data set; what is written is as
// secret as what was read. Returns what the format could not carry.
WriteReport convert(const ConvertRequest& request, const Context& context);

struct TrainRequest {
  DataRequest data;
  GeneratorRequest generator;
  std::string out;                 // the model file; its checkpoint is OUT.checkpoint until training ends
  double checkpoint_seconds = 30;
};
// Returns whether the model may leave: it was paid for, or declassified.
// Over several processes (context.ranks) rank 0 alone writes; ErrorKind::usage for a generator that trains in one.
bool train(const TrainRequest& request, const Context& context);
// The other processes of this training, where the environment names any (understudy/ranks.h); null: alone. Waits until all
// are there. ErrorKind::usage, ErrorKind::lost.
std::unique_ptr<Ranks> join_ranks(const GetVariable& get);

struct SampleFileRequest {
  std::string model;
  std::int64_t subjects = 0;
  std::map<std::string, std::string> condition;
  std::string out;                 // a file, or a folder for NAME.csv
  bool inside = false;             // the sample stays inside: allows models that may not leave themselves
};
// Returns the path of the file it wrote. ErrorKind::usage for a model that may not leave, unless `inside`.
std::string sample(const SampleFileRequest& request, const Context& context);

struct EvaluateRequest {
  std::vector<Source> train, holdout, synthetic;
  std::string schema;
  ReadOptions options;
  std::string ledger;                 // as in DataRequest, beside the training file
  std::vector<std::string> metrics;   // empty: all
  std::string out;                    // folder: OUT/inside/report.json and report.html
};
nlohmann::ordered_json evaluate(const EvaluateRequest& request, const Context& context);

// Where the ledger of a data set is, whether it exists yet or not: a run folder (DIR/inside) names its own, a ledger is
// its own, of other files and folders it is PATH.ledger.jsonl. ErrorKind::input when there is neither data nor ledger.
std::string find_ledger(const std::string& dataset_or_folder);

struct LedgerRequest {
  std::string place;                  // as find_ledger takes it
  std::optional<Limit> limit;         // declared first
  bool json = false;                  // docs/formats/ledger.md
};
// The ledger in words, or as JSON.
std::string ledger(const LedgerRequest& request, const Context& context);

struct RunRequest {
  std::string name;
  DataRequest data;
  double holdout = 0.5;               // share of subjects
  GeneratorRequest generator;
  std::int64_t sample_subjects = 0;   // 0: as many as the holdout has
  std::vector<std::string> metrics;   // empty: all
  std::string format = "csv";         // of the synthetic people: see understudy list writers
  std::string key;                    // secret key that signs the release; empty: not signed
  std::string out;                    // folder: OUT/inside, OUT/release
  double checkpoint_seconds = 30;
};
// ErrorKind::usage with file, line and the known keys. Paths: relative to the run file when they name a schema,
// otherwise to the current folder; $NAME takes the environment's value.
RunRequest read_run_file(const std::string& path);

struct RunResult {
  std::string decision;               // "not private", "release", "hold", "reject": docs/formats/report.md
  std::string summary;                // one sentence
  std::string synthetic;              // path
  std::string report;                 // path of the HTML
};
// Reads, splits, trains, samples, evaluates, reports, releases. A run that was stopped continues when the same request
// is made again; a folder that holds another or a finished run is refused (ErrorKind::usage).
RunResult run(const RunRequest& request, const Context& context);

// Makes a key that signs releases: PATH, secret, and PATH.pub. ErrorKind::usage when one of them is there already.
void keygen(const std::string& path);

struct VerifyRequest {
  std::string folder;                 // the release: OUT/release of a run
  std::string key;                    // public key file
  std::string ledger;                 // of the data set; empty: not compared
  bool allow_unsigned = false;        // then `key` may be empty
};

struct VerifyResult {
  bool passed = false;
  nlohmann::ordered_json checks;      // list of {name, passed, words}
};
// What verify_release checks (docs/formats/statement.md). A release that does not pass is a result, not an error.
VerifyResult verify(const VerifyRequest& request);

}  // namespace understudy
