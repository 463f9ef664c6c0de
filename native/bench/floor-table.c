#include "floor-table.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter/nf_tables.h>
#include <stdlib.h>
#include <string.h>

static const char TABLE[] = "floor";
static const char MAP[] = "slots";

static const uint32_t FIRST_CLUSTER_IP = 0x0a600001; /* 10.96.0.1 */
static const uint32_t FIRST_ENDPOINT = 0x0a800001;   /* 10.128.0.1 */

/* nft's data types, 6 bits each in a concatenation; only `nft list` cares. A mark stands for any 32 bits. */
enum { TYPE_IPV4 = 7, TYPE_PROTOCOL = 12, TYPE_PORT = 13, TYPE_MARK = 19 };

/* Key and data as the registers of the kernel hold them: each field starts a 32-bit word, the rest is zero. */
struct slot_key {
  uint32_t address; /* network byte order */
  uint8_t protocol;
  uint8_t protocol_padding[3];
  uint16_t port; /* network byte order */
  uint16_t port_padding;
  uint32_t slot; /* host byte order: numgen writes a plain integer */
};

struct slot_data {
  uint32_t address; /* network byte order */
  uint16_t port;    /* network byte order */
  uint16_t port_padding;
};

/* The list of elements is one attribute, whose length has 16 bits; an element takes 44 of its bytes. */
enum { ELEMENTS_PER_MESSAGE = 1000, BYTES_PER_ELEMENT = 44, BYTES_PER_MESSAGE = 64, SMALL_BATCH = 1024 };

static void commit_or_die(struct batch* batch, const char* what) {
  const int error = batch_commit(batch);
  if (error != 0) errx(1, "cannot %s: %s", what, strerror(error));
}

static struct nlattr* begin_elements(struct nlmsghdr* message) {
  mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_TABLE, TABLE);
  mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, MAP);
  return mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
}

static void put_value(struct nlmsghdr* message, uint16_t type, size_t length, const void* value) {
  struct nlattr* nest = mnl_attr_nest_start(message, type);
  mnl_attr_put(message, NFTA_DATA_VALUE, length, value);
  mnl_attr_nest_end(message, nest);
}

/* Without an endpoint address: the key only, for a deletion. */
static void put_element(struct nlmsghdr* message, uint32_t service, uint32_t slot, uint32_t address) {
  const struct slot_key key = {
      .address = htonl(FIRST_CLUSTER_IP + service), .protocol = IPPROTO_TCP, .port = htons(80), .slot = slot};
  const struct slot_data data = {.address = htonl(address), .port = htons(8080)};
  struct nlattr* element = mnl_attr_nest_start(message, NFTA_LIST_ELEM);
  put_value(message, NFTA_SET_ELEM_KEY, sizeof key, &key);
  if (address != 0) put_value(message, NFTA_SET_ELEM_DATA, sizeof data, &data);
  mnl_attr_nest_end(message, element);
}

static void put_one_element(struct batch* batch, int type, uint32_t service, uint32_t slot,
                            uint32_t address) {
  struct nlmsghdr* message = batch_begin_message(batch, type, type == NFT_MSG_NEWSETELEM ? NLM_F_CREATE : 0);
  struct nlattr* elements = begin_elements(message);
  put_element(message, service, slot, address);
  mnl_attr_nest_end(message, elements);
  batch_end_message(batch, message);
}

static void put_table(struct batch* batch) {
  struct nlmsghdr* message = batch_begin_message(batch, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL);
  mnl_attr_put_strz(message, NFTA_TABLE_NAME, TABLE);
  batch_end_message(batch, message);
}

/* No size, as in nodeplane's table: the kernel takes the hash that grows. */
static void put_map(struct batch* batch) {
  struct nlmsghdr* message = batch_begin_message(batch, NFT_MSG_NEWSET, NLM_F_CREATE | NLM_F_EXCL);
  mnl_attr_put_strz(message, NFTA_SET_TABLE, TABLE);
  mnl_attr_put_strz(message, NFTA_SET_NAME, MAP);
  mnl_attr_put_u32(message, NFTA_SET_ID, htonl(1));
  mnl_attr_put_u32(message, NFTA_SET_FLAGS, htonl(NFT_SET_MAP));
  const uint32_t key_type = TYPE_IPV4 << 18 | TYPE_PROTOCOL << 12 | TYPE_PORT << 6 | TYPE_MARK;
  mnl_attr_put_u32(message, NFTA_SET_KEY_TYPE, htonl(key_type));
  mnl_attr_put_u32(message, NFTA_SET_KEY_LEN, htonl(sizeof(struct slot_key)));
  mnl_attr_put_u32(message, NFTA_SET_DATA_TYPE, htonl(TYPE_IPV4 << 6 | TYPE_PORT));
  mnl_attr_put_u32(message, NFTA_SET_DATA_LEN, htonl(sizeof(struct slot_data)));
  batch_end_message(batch, message);
}

/* Elements `first` to `end`, counted through all services with so many endpoints each. */
static void put_elements(struct batch* batch, uint32_t endpoints, uint32_t first, uint32_t end) {
  struct nlmsghdr* message = batch_begin_message(batch, NFT_MSG_NEWSETELEM, NLM_F_CREATE);
  struct nlattr* elements = begin_elements(message);
  for (uint32_t index = first; index < end; index++) {
    put_element(message, index / endpoints, index % endpoints, FIRST_ENDPOINT + index);
  }
  mnl_attr_nest_end(message, elements);
  batch_end_message(batch, message);
}

void floor_load(struct floor_table* table, uint32_t services, uint32_t endpoints) {
  floor_drop(table);
  table->services = services;
  table->endpoints = endpoints;
  const uint32_t count = services * endpoints;
  const size_t messages = count / ELEMENTS_PER_MESSAGE + 1;
  char* bytes = malloc((size_t)count * BYTES_PER_ELEMENT + messages * BYTES_PER_MESSAGE + SMALL_BATCH);
  if (bytes == NULL) err(1, "cannot allocate a batch of %u elements", count);
  struct batch batch = batch_begin(&table->socket, bytes);
  put_table(&batch);
  put_map(&batch);
  for (uint32_t first = 0; first < count; first += ELEMENTS_PER_MESSAGE) {
    const uint32_t rest = count - first;
    put_elements(&batch, endpoints, first, first + (rest < ELEMENTS_PER_MESSAGE ? rest : ELEMENTS_PER_MESSAGE));
  }
  commit_or_die(&batch, "load the map");
  free(bytes);
}

void floor_replace(struct floor_table* table, uint32_t service, uint32_t slot, uint32_t address) {
  char bytes[SMALL_BATCH];
  struct batch batch = batch_begin(&table->socket, bytes);
  put_one_element(&batch, NFT_MSG_DELSETELEM, service, slot, 0);
  put_one_element(&batch, NFT_MSG_NEWSETELEM, service, slot, address);
  commit_or_die(&batch, "replace an element");
}

void floor_drop(struct floor_table* table) {
  char bytes[SMALL_BATCH];
  struct batch batch = batch_begin(&table->socket, bytes);
  struct nlmsghdr* message = batch_begin_message(&batch, NFT_MSG_DELTABLE, 0);
  mnl_attr_put_strz(message, NFTA_TABLE_NAME, TABLE);
  batch_end_message(&batch, message);
  const int error = batch_commit(&batch);
  if (error != 0 && error != ENOENT) errx(1, "cannot delete the table: %s", strerror(error));
}
