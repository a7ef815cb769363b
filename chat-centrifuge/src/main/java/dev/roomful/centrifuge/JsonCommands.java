package dev.roomful.centrifuge;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one command in JSON. */
final class JsonCommands {
  private static final Set<String> CONNECT = Set.of("token", "data", "name", "version");
  private static final Set<String> SUBSCRIBE =
      Set.of(
          "channel",
          "token",
          "recover",
          "offset",
          "epoch",
          "data",
          "positioned",
          "recoverable",
          "join_leave",
          "flag",
          "type",
          "tf");
  private static final Set<String> CHANNEL = Set.of("channel");
  private static final Set<String> PUBLISH = Set.of("channel", "data", "type");
  private static final Set<String> HISTORY = Set.of("channel", "limit", "reverse");
  private static final Set<String> POSITION = Set.of("offset", "epoch");
  private static final Set<String> DATA = Set.of("data");
  private static final Set<String> RPC = Set.of("method", "data");
  private static final Set<String> TOKEN = Set.of("token");
  private static final Set<String> SUB_REFRESH = Set.of("channel", "token", "type");

  private final JsonObjectReader reader;
  private long id;
  private @Nullable ClientRequest request;

  private JsonCommands(JsonObjectReader reader) {
    this.reader = reader;
  }

  /** Reads a command from a part of a frame. */
  static Command read(char[] frame, int start, int length) throws MalformedFrameException {
    try (JsonObjectReader reader = new JsonObjectReader(frame, start, length)) {
      return new JsonCommands(reader).command();
    }
  }

  private Command command() throws MalformedFrameException {
    reader.readDocument(this::readMember);
    return CommandChecks.validated(id, request);
  }

  private void readMember(String name) throws MalformedFrameException {
    if (name.equals("id")) {
      id = reader.number(0, CommandChecks.MAX_ID);
      return;
    }
    ClientRequest newRequest = readRequest(name);
    if (newRequest != null) {
      if (request != null) {
        throw reader.malformed("second request in one command");
      }
      request = newRequest;
    }
  }

  /** {@return the request of that name, null if there is none} */
  private @Nullable ClientRequest readRequest(String name) throws MalformedFrameException {
    return switch (name) {
      case "connect" -> connect();
      case "subscribe" -> readMembers(SUBSCRIBE).subscribe("");
      case "unsubscribe" -> new ClientRequest.Unsubscribe(readMembers(CHANNEL).channel);
      case "publish" -> readMembers(PUBLISH).publish();
      case "presence" -> new ClientRequest.Presence(readMembers(CHANNEL).channel);
      case "presence_stats" -> new ClientRequest.PresenceStats(readMembers(CHANNEL).channel);
      case "history" -> history();
      case "ping" -> readMembers(Set.of()).ping();
      case "send" -> new ClientRequest.Send(readMembers(DATA).data);
      case "rpc" -> readMembers(RPC).rpc();
      case "refresh" -> new ClientRequest.Refresh(readMembers(TOKEN).token);
      case "sub_refresh" -> readMembers(SUB_REFRESH).subRefresh();
      default -> null;
    };
  }

  private RequestBuilder readMembers(Set<String> knownMembers) throws MalformedFrameException {
    RequestBuilder builder = new RequestBuilder(knownMembers);
    reader.readObject(builder::readMember);
    return builder;
  }

  private ClientRequest connect() throws MalformedFrameException {
    RequestBuilder builder = new RequestBuilder(CONNECT);
    Map<String, ClientRequest.Subscribe> subs = new HashMap<>();
    Map<String, String> headers = new HashMap<>();
    reader.readObject(
        name -> {
          switch (name) {
            case "subs" ->
                reader.readObject(
                    channel ->
                        subs.put(
                            reader.requireWellFormed(channel),
                            readMembers(SUBSCRIBE).subscribe(channel)));
            case "headers" -> headers.putAll(reader.strings());
            default -> builder.readMember(name);
          }
        });
    return new ClientRequest.Connect(
        builder.token, builder.data, subs, builder.name, builder.version, headers);
  }

  private ClientRequest history() throws MalformedFrameException {
    RequestBuilder builder = new RequestBuilder(HISTORY);
    RequestBuilder[] since = new RequestBuilder[1];
    reader.readObject(
        name -> {
          if (name.equals("since")) {
            since[0] = readMembers(POSITION);
          } else {
            builder.readMember(name);
          }
        });
    return new ClientRequest.History(
        builder.channel,
        builder.limit,
        since[0] == null ? null : since[0].position(),
        builder.reverse);
  }

  /** Collects the members of a request, which come in any order. Unknown members are skipped. */
  private final class RequestBuilder {
    private final Set<String> knownMembers;
    private String channel = "";
    private String token = "";
    private String method = "";
    private String name = "";
    private String version = "";
    private String epoch = "";
    private RawData data = RawData.NONE;
    private long offset;
    private int limit;
    private long flag;
    private long type;
    private boolean recover;
    private boolean positioned;
    private boolean recoverable;
    private boolean joinLeave;
    private boolean filtered;
    private boolean reverse;

    RequestBuilder(Set<String> knownMembers) {
      this.knownMembers = knownMembers;
    }

    void readMember(String member) throws MalformedFrameException {
      if (!knownMembers.contains(member)) {
        return;
      }
      switch (member) {
        case "channel" -> channel = reader.string();
        case "token" -> token = reader.string();
        case "method" -> method = reader.string();
        case "name" -> name = reader.string();
        case "version" -> version = reader.string();
        case "epoch" -> epoch = reader.string();
        case "data" -> data = reader.data();
        case "offset" -> offset = reader.offset();
        case "limit" -> limit = (int) reader.number(Integer.MIN_VALUE, Integer.MAX_VALUE);
        case "flag" -> flag = reader.number(Long.MIN_VALUE, Long.MAX_VALUE);
        case "type" -> type = reader.number(Integer.MIN_VALUE, Integer.MAX_VALUE);
        case "recover" -> recover = reader.bool();
        case "positioned" -> positioned = reader.bool();
        case "recoverable" -> recoverable = reader.bool();
        case "join_leave" -> joinLeave = reader.bool();
        case "reverse" -> reverse = reader.bool();
        case "tf" -> filtered = true;
        default -> throw new AssertionError(member);
      }
    }

    StreamPosition position() {
      return new StreamPosition(offset, epoch);
    }

    ClientRequest.Subscribe subscribe(String channelFromKey) {
      return new ClientRequest.Subscribe(
          channelFromKey.isEmpty() ? channel : channelFromKey,
          token,
          recover,
          position(),
          data,
          positioned,
          recoverable,
          joinLeave,
          (flag & ClientRequest.Subscribe.REJECT_UNRECOVERED) != 0,
          type,
          filtered);
    }

    ClientRequest publish() {
      return new ClientRequest.Publish(channel, data, type);
    }

    ClientRequest rpc() {
      return new ClientRequest.Rpc(method, data);
    }

    ClientRequest subRefresh() {
      return new ClientRequest.SubRefresh(channel, token, type);
    }

    ClientRequest ping() {
      return new ClientRequest.Ping();
    }
  }
}
