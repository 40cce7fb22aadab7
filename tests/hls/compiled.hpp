// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>
#include <llvm/IRReader/IRReader.h>
#include <llvm/Support/SourceMgr.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

#include "recurrence.hpp"

namespace synward::test {

/// A source as the meter sees it: what emit.sh makes of it, in a folder that goes with this object.
class Compiled {
 public:
  explicit Compiled(const std::string& source) {
    char folder[] = "/tmp/synward-meter-XXXXXX";
    if (mkdtemp(folder) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = folder;
    std::ofstream(folder_ / "process.cpp") << "#include <hls_stream.h>\n#include <cstdint>\n" << source;
    const std::string command =
        std::string(SYNWARD_EMIT) + " " + folder_.string() + " " + (folder_ / "process.cpp").string();
    if (std::system(command.c_str()) != 0) throw std::runtime_error("emit.sh failed");
    optimised_ = read("process.ll");
    written_ = read("process.O0.ll");
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  /// The process `f`.
  llvm::Function& process() {
    for (llvm::Function& function : *optimised_) {
      if (!function.isDeclaration() && meter::short_name(function.getName().str()) == "f") return function;
    }
    throw std::runtime_error("no function f");
  }
  const llvm::Module& written() const { return *written_; }

 private:
  std::unique_ptr<llvm::Module> read(const char* name) {
    llvm::SMDiagnostic error;
    std::unique_ptr<llvm::Module> module = llvm::parseIRFile((folder_ / name).string(), error, context_);
    if (!module) throw std::runtime_error(error.getMessage().str());
    return module;
  }

  std::filesystem::path folder_;
  llvm::LLVMContext context_;
  std::unique_ptr<llvm::Module> optimised_, written_;
};

}  // namespace synward::test
