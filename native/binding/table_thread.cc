#include "binding/table_thread.h"

#include <utility>

#include "nftables/table_requests.h"

namespace nodeplane::binding {

TableThread::TableThread(Napi::Env env, const TableOptions& options)
    : worker_(env, {.name = "nodeplane-nft",
                    .network_namespace = options.network_namespace,
                    .open = [opened = opened_, options](Worker::Closing closing) {
                      return opened->open(options, std::move(closing));
                    }}) {}

std::unique_ptr<TableThread::Tools> TableThread::Opened::open(const TableOptions& options,
                                                              Worker::Closing closing) {
  foreground = std::make_unique<nftables::Transaction>(netlink::Socket(), options.table);
  nftables::requireAccess(foreground->socket());
  std::unique_ptr<Tools> tools(
      new Tools{.transaction = nftables::Transaction(netlink::Socket(), options.table),
                .scripts = nftables::ScriptRunner(),
                .closing = std::move(closing)});
  ports = {foreground->port(), tools->transaction.port()};
  if (tools->scripts.port() != 0) ports.push_back(tools->scripts.port());
  return tools;
}

}  // namespace nodeplane::binding
