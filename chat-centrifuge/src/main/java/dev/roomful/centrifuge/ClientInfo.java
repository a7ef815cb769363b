package dev.roomful.centrifuge;

/**
 * Who a client is, as other clients are told.
 *
 * @param user the user's id, empty if anonymous
 * @param client the id of the connection
 * @param connInfo what is known about the connection, or {@link Data#NONE}
 * @param chanInfo what is known about it in this channel, or {@link Data#NONE}
 */
record ClientInfo(String user, String client, Data connInfo, Data chanInfo) {}
