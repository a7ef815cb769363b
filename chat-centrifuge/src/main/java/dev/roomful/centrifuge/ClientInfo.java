package dev.roomful.centrifuge;

/**
 * What other clients receive about a client.
 *
 * @param user the user's id, empty if anonymous
 * @param client the id of the connection
 * @param connInfo the info of the connection, or {@link Data#NONE}
 * @param chanInfo the info of the connection in this channel, or {@link Data#NONE}
 */
record ClientInfo(String user, String client, Data connInfo, Data chanInfo) {}
