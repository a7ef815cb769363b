package dev.roomful.spring.autoconfigure;

import dev.roomful.Chat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings of the chat.
 *
 * @param path Path of the chat below the context path. A segment in braces is a parameter. By
 *     default "/chat/{room}", or "/connection/websocket" with the Centrifuge protocol.
 * @param protocol What clients speak. By default Centrifuge if chat-centrifuge is on the class
 *     path, otherwise plain text.
 * @param subprotocols WebSocket subprotocols that the server accepts, in place of those of the
 *     protocol.
 * @param allowedOrigins Origins of pages that may connect, beside pages of the server's own origin.
 * @param requireOrigin Whether to reject clients that are no browsers.
 * @param nonBlocking Whether handlers promise never to block. They then run on the threads that
 *     read.
 * @param onMessageFailure What happens when a handler throws while it handles a message.
 * @param onlyDeclaredRooms Whether clients may only join rooms that are listed under
 *     "roomful.rooms" or opened by the application.
 * @param closeOnSessionEnd Whether a connection is closed when the HTTP session of its handshake is
 *     invalidated, as by a logout, or expires.
 * @param heartbeat Text that is sent regularly, from which pages notice a lost connection.
 * @param limits Limits of the chat.
 * @param roomDefaults Options of all rooms.
 * @param rooms Rooms with options of their own, by name. What a room does not set is as for all
 *     rooms.
 * @param centrifuge The Centrifuge protocol.
 * @param redis The cluster.
 * @param security Spring Security.
 */
@ConfigurationProperties("roomful")
record RoomfulProperties(
    @Nullable String path,
    @Nullable ClientProtocol protocol,
    @DefaultValue List<String> subprotocols,
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue("false") boolean requireOrigin,
    @DefaultValue("false") boolean nonBlocking,
    @DefaultValue("reject-message") Chat.OnFailure onMessageFailure,
    @DefaultValue("false") boolean onlyDeclaredRooms,
    @DefaultValue("true") boolean closeOnSessionEnd,
    @DefaultValue Heartbeat heartbeat,
    @NestedConfigurationProperty @DefaultValue LimitsProperties limits,
    @NestedConfigurationProperty @DefaultValue RoomProperties roomDefaults,
    @DefaultValue Map<String, RoomProperties> rooms,
    @DefaultValue Centrifuge centrifuge,
    @DefaultValue Redis redis,
    @DefaultValue Security security) {

  /** What clients speak. */
  enum ClientProtocol {
    /** Each message is one text. */
    TEXT,
    /** The protocol of the Centrifuge SDKs. */
    CENTRIFUGE
  }

  /**
   * A text that is sent regularly.
   *
   * @param interval Time between two heartbeats, from one second to one hour. By default there are
   *     none.
   * @param text Text of a heartbeat, which the client recognizes and ignores.
   */
  record Heartbeat(@Nullable Duration interval, @DefaultValue("heartbeat") String text) {}

  /**
   * The Centrifuge protocol.
   *
   * @param tokenSecret Secret of at least 32 bytes with which connection tokens are signed (HS256).
   *     Without one, the authenticator identifies clients by their handshake.
   * @param issuer Required issuer of tokens.
   * @param audience Required audience of tokens.
   * @param anonymous Whether clients without a token may connect.
   * @param invalidTokensPerMinute Number of invalid tokens that one address may show in a minute.
   *     By default there is no limit.
   */
  record Centrifuge(
      @Nullable String tokenSecret,
      @Nullable String issuer,
      @Nullable String audience,
      @DefaultValue("false") boolean anonymous,
      @Nullable Integer invalidTokensPerMinute) {}

  /**
   * The cluster, with chat-redis.
   *
   * @param enabled Whether chats that share a Redis or Valkey are one chat.
   * @param url Address of Redis, such as "redis://user:password@host:6379". By default that of
   *     Spring Data Redis if the application uses it, otherwise "redis://localhost:6379".
   * @param keyPrefix Prefix of all keys and channels.
   * @param retention Time after which Redis removes the log of a room that nothing was appended to.
   * @param commandTimeout Time after which an unanswered command counts as a lost connection.
   */
  record Redis(
      @DefaultValue("true") boolean enabled,
      @Nullable String url,
      @DefaultValue("roomful") String keyPrefix,
      @DefaultValue("30d") Duration retention,
      @DefaultValue("5s") Duration commandTimeout) {}

  /**
   * Spring Security.
   *
   * @param revokeOnLogout Whether a logout closes all connections of the user on all nodes, not
   *     only those of the HTTP session.
   */
  record Security(@DefaultValue("false") boolean revokeOnLogout) {}
}
