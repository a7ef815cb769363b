package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.RoomHandler;
import dev.roomful.jakarta.JakartaChat;
import dev.roomful.redis.RedisCluster;
import dev.roomful.tokens.Tokens;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/** Runs an example on one of the servers until it is stopped. */
@Command(
    name = "chat-examples",
    description = "Runs an example of a chat until it is stopped (Ctrl-C, SIGTERM).",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:it ran and was stopped, or only listed the examples",
      "1:it could not be started, for example because the port is in use or Redis does not answer",
      "2:the command line is invalid"
    })
final class Main implements Callable<Integer> {
  private static final int BURST_SECONDS = 2;
  private static final Duration TOKEN_LIFETIME = Duration.ofDays(1);
  private static final int SAFE_SECRET_BYTES = 32; // RFC 7518 section 3.2

  // Fields, so that the garbage collector does not remove the loggers together with their levels.
  private static final Logger ROOT_LOGGER = Logger.getLogger("");

  /** Logs rejected origins at INFO: the only hint why a page behind a proxy cannot connect. */
  private static final Logger HANDSHAKE_LOGGER = Logger.getLogger("dev.roomful.jakarta");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "EXAMPLE",
      description = "one of: ${COMPLETION-CANDIDATES}; without it they are listed")
  private @Nullable Example example;

  @Option(
      names = "--server",
      paramLabel = "SERVER",
      description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
  private Host.Kind server = Host.Kind.JETTY;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      description = "address to listen on (default: ${DEFAULT-VALUE})")
  private String host = "127.0.0.1";

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "port to listen on, 0 for a free one (default: ${DEFAULT-VALUE})")
  private int port = 8000;

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "messages a second that a connection may send, 0 for no limit (default:"
              + " ${DEFAULT-VALUE})")
  private int rate = Limits.defaults().messagesPerSecond();

  @Option(
      names = "--token-secret",
      paramLabel = "SECRET",
      description =
          "of rooms: accept only clients with a connection token that is signed with it"
              + " (HS256; use at least 32 bytes); without it everybody may connect")
  private @Nullable String tokenSecret;

  @Option(
      names = "--make-token",
      paramLabel = "NAME",
      description =
          "with --token-secret: print a connection token for a user with this id and name, which is"
              + " valid for a day, and exit")
  private @Nullable String tokenName;

  @Option(
      names = "--owners",
      paramLabel = "FILE",
      description =
          "of rooms: keep the owners of rooms in this file, so that a restart does not change them;"
              + " without it, who comes back first becomes the owner")
  private @Nullable Path ownersFile;

  @Option(
      names = "--archive",
      paramLabel = "FOLDER",
      description =
          "of rooms: keep all messages in this folder, so that users can read and search them also"
              + " after a restart; without it, a room has its last 100 messages of five minutes")
  private @Nullable Path archiveFolder;

  @Option(
      names = "--allow-origin",
      paramLabel = "ORIGIN",
      description =
          "also accept pages of this origin, such as https://example.org; can be repeated;"
              + " pages of the server itself are always accepted")
  private List<String> allowedOrigins = List.of();

  @Option(
      names = "--trust-forwarded",
      description =
          "believe the headers Forwarded and X-Forwarded-*; use it only behind a proxy that sets"
              + " them, because any client can send them")
  private boolean trustForwarded;

  @Option(
      names = "--cluster",
      paramLabel = "URI",
      description =
          "of rooms and plain-rooms: share the rooms with all nodes at this Redis or Valkey, such"
              + " as redis://localhost:6379; start as many as you like, on different ports")
  private @Nullable String clusterUri;

  @Option(
      names = "--cluster-prefix",
      paramLabel = "PREFIX",
      description =
          "with --cluster: the prefix of all keys in Redis, the same for all nodes of a chat"
              + " (default: roomful:EXAMPLE)")
  private @Nullable String clusterPrefix;

  private Main() {}

  /** Ends the program with the exit code of the command line. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.registerConverter(Example.class, name -> byName(Example.values(), name));
    line.registerConverter(Host.Kind.class, name -> byName(Host.Kind.values(), name));
    line.setExecutionExceptionHandler(Main::explain);
    return line;
  }

  private static <E extends Enum<E>> E byName(E[] values, String name) {
    return Arrays.stream(values)
        .filter(value -> value.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandLine.TypeConversionException(
                    "'" + name + "' is not one of " + Arrays.toString(values)));
  }

  @Override
  public Integer call() throws Exception {
    ROOT_LOGGER.setLevel(Level.WARNING);
    HANDSHAKE_LOGGER.setLevel(Level.INFO);
    if (example == null) {
      list();
      return 0;
    }
    checkRange("--port", port, 65_535);
    checkRange("--rate", rate, 1_000_000);
    checkOrigins();
    Optional<Tokens> tokens = tokens(example);
    if (tokenName != null) {
      printToken(tokenName);
      return 0;
    }
    run(example, tokens, cluster(example));
    return 0;
  }

  private void list() {
    PrintWriter out = line().getOut();
    out.println("Examples:");
    for (Example each : Example.values()) {
      out.printf("  %-16s%s%n", each, each.description);
    }
    out.println("Start one: chat-examples EXAMPLE [OPTIONS]; options: chat-examples --help");
  }

  private void checkRange(String option, int value, int max) {
    if (value < 0 || value > max) {
      throw usageError(option + " is " + value + ": it must be from 0 to " + max);
    }
  }

  private void checkOrigins() {
    try {
      Chat.builder(new RoomHandler() {}).allowOrigins(allowedOrigins.toArray(String[]::new));
    } catch (IllegalArgumentException invalid) {
      throw usageError("--allow-origin: " + invalid.getMessage());
    }
  }

  private ParameterException usageError(String message) {
    return new ParameterException(line(), message);
  }

  private CommandLine line() {
    return Objects.requireNonNull(spec).commandLine();
  }

  private Optional<Tokens> tokens(Example chosen) {
    if (tokenSecret == null) {
      return Optional.empty();
    }
    if (chosen != Example.ROOMS) {
      throw usageError("--token-secret is for rooms: " + chosen + " has no tokens");
    }
    int bytes = tokenSecret.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0) {
      throw usageError("--token-secret is empty: give at least 32 bytes");
    }
    if (bytes >= SAFE_SECRET_BYTES) {
      return Optional.of(Tokens.hs256(tokenSecret));
    }
    line()
        .getErr()
        .printf(
            "--token-secret has %d bytes, enough to try it out: use at least %d, or it can be"
                + " guessed%n",
            bytes, SAFE_SECRET_BYTES);
    // HMAC pads a short key with zeros (RFC 2104 section 2), so this is the same key.
    return Optional.of(Tokens.hs256(tokenSecret + "\0".repeat(SAFE_SECRET_BYTES - bytes)));
  }

  private RoomOwners owners(Example chosen) {
    if (ownersFile == null) {
      return RoomOwners.inMemory();
    }
    if (chosen != Example.ROOMS) {
      throw usageError("--owners is for rooms: " + chosen + " keeps no owners");
    }
    if (clusterUri != null) {
      throw usageError("--owners is for a single node: with --cluster the nodes share the roles");
    }
    try {
      return RoomOwners.in(ownersFile, System::nanoTime);
    } catch (UncheckedIOException failure) {
      throw usageError("--owners: cannot read and write " + ownersFile);
    }
  }

  private Optional<MessageArchive> archive(Example chosen) {
    if (archiveFolder == null) {
      return Optional.empty();
    }
    if (chosen != Example.ROOMS) {
      throw usageError("--archive is for rooms: " + chosen + " keeps no messages");
    }
    if (clusterUri != null) {
      throw usageError("--archive is for a single node: the nodes of a cluster need a database");
    }
    try {
      return Optional.of(MessageArchive.in(archiveFolder));
    } catch (UncheckedIOException failure) {
      throw usageError("--archive: cannot create the folder " + archiveFolder);
    }
  }

  private void printToken(String name) {
    if (tokenSecret == null) {
      throw usageError("--make-token needs a key: add --token-secret SECRET");
    }
    if (name.isBlank()) {
      throw usageError("--make-token: the name is blank");
    }
    ObjectNode claims = JsonPayloads.object().put("sub", name);
    claims.putObject("info").put("name", name);
    claims.put("exp", Instant.now().plus(TOKEN_LIFETIME).getEpochSecond());
    line().getOut().println(Hs256.sign(tokenSecret, claims.toString()));
  }

  private Optional<RedisCluster> cluster(Example chosen) {
    if (clusterUri == null) {
      if (clusterPrefix != null) {
        throw usageError("--cluster-prefix is for nodes that share Redis: add --cluster URI");
      }
      return Optional.empty();
    }
    if (!chosen.hasCluster()) {
      throw usageError("--cluster is for rooms and plain-rooms: " + chosen + " runs on one node");
    }
    try {
      String prefix = clusterPrefix == null ? "roomful:" + chosen : clusterPrefix;
      return Optional.of(RedisCluster.connect(clusterUri).withKeyPrefix(prefix));
    } catch (IllegalArgumentException invalid) {
      throw usageError("--cluster: " + invalid.getMessage());
    }
  }

  private void run(Example chosen, Optional<Tokens> tokens, Optional<RedisCluster> cluster)
      throws Exception {
    Limits limits =
        chosen
            .limits()
            .withMessagesPerSecond(rate)
            .withMessageBurst(Math.max(1, rate * BURST_SECONDS));
    ChatSettings settings =
        new ChatSettings(
            limits,
            tokens,
            allowedOrigins,
            cluster.map(engine -> engine),
            owners(chosen),
            archive(chosen));
    Host running = start(chosen, settings);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running), "shutdown"));
    line().getOut().println(chosen + " on " + server + ": " + running.uri());
    if (tokens.isPresent()) {
      line()
          .getOut()
          .println(
              "connection tokens: run this with the same --token-secret and --make-token NAME,"
                  + " then open "
                  + running.uri()
                  + "#token=TOKEN");
    }
    line().getOut().flush();
    new CountDownLatch(1).await(); // the shutdown hook ends the program
  }

  private static JakartaChat mount(Example chosen, ChatSettings settings)
      throws NoClusterException {
    try {
      return chosen.mount(settings);
    } catch (IllegalStateException failure) {
      if (settings.cluster().isEmpty()) {
        throw failure;
      }
      throw new NoClusterException(failure); // its message names the remedy
    }
  }

  /** The engine cannot be used. */
  private static final class NoClusterException extends Exception {
    private static final long serialVersionUID = 1;

    NoClusterException(IllegalStateException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private Host start(Example chosen, ChatSettings settings) throws Exception {
    JakartaChat jakartaChat = mount(chosen, settings);
    try {
      Listener listener = Listener.of(host, port).withTrustForwarded(trustForwarded);
      return server.start(new ExamplePageServlet(chosen, settings), jakartaChat, listener);
    } catch (Exception failure) {
      jakartaChat.chat().close();
      throw failure;
    }
  }

  /** Stops on SIGTERM and Ctrl-C, and exits with 0; Java by itself would exit with 143. */
  private static void stop(Host running) {
    running.close();
    Runtime.getRuntime().halt(0);
  }

  /** Prints one sentence if an address is the problem, otherwise the stack trace. */
  private static int explain(Exception failure, CommandLine line, ParseResult parsed) {
    if (failure instanceof NoClusterException) {
      line.getErr().println("--cluster: " + failure.getMessage());
      return line.getCommandSpec().exitCodeOnExecutionException();
    }
    Main main = line.getCommand();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException || cause instanceof UnresolvedAddressException) {
        line.getErr()
            .printf(
                "cannot listen on %s port %d (%s): choose another with --host or --port%n",
                main.host, main.port, messageOf(cause));
        return line.getCommandSpec().exitCodeOnExecutionException();
      }
    }
    failure.printStackTrace(line.getErr());
    return line.getCommandSpec().exitCodeOnExecutionException();
  }

  private static String messageOf(Throwable cause) {
    return cause.getMessage() == null ? "unknown host" : cause.getMessage();
  }

  /** The version of the jar. Classes outside of a jar have none. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {version == null ? "unpackaged" : version};
    }
  }
}
