/*
 * Sockets of the load generator. What cannot be done ends the program with a message.
 */
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

/*
 * A TCP socket with a source address (its port may be 0). When it is closed, the connection is reset: neither end
 * waits in TIME_WAIT, so that ports are free at once.
 */
int path_tcp_socket(const struct sockaddr_in* source, int flags);

int path_udp_socket(const struct sockaddr_in* source);

void path_connect(int fd, const struct sockaddr_in* destination);

/* Sends bytes and waits until as many came back. */
void path_round_trip(int fd, size_t bytes);
