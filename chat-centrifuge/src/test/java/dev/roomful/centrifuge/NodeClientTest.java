package dev.roomful.centrifuge;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roomful.Chat;
import dev.roomful.CloseStatus;
import dev.roomful.Entry;
import dev.roomful.Handshake;
import dev.roomful.History;
import dev.roomful.Limits;
import dev.roomful.Payload;
import dev.roomful.RoomHandler;
import dev.roomful.RoomOptions;
import dev.roomful.jakarta.JakartaChat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The SDK that browsers use, in Node, in both forms: {@code src/test/node}. Needs Node with npm,
 * and says so where they are not; where {@code ROOMFUL_REQUIRE_NODE} is set it fails then.
 */
class NodeClientTest {
  private static final String SECRET = "a secret of thirty-two bytes, or more";
  private static final Path HERE = Path.of("src", "test", "node");
  private static final Path INSTALLED = Path.of("target", "node");
  private static final int MINUTES = 3;

  private final Chat chat =
      Chat.builder(new RoomHandler() {})
          .doorman(NodeClientTest::admit)
          .rooms(RoomOptions.defaults().history(History.of(100)))
          .limits(Limits.defaults().rate(0, 0).roomsPerParticipant(1000))
          .build();

  private static Entry admit(Handshake handshake) {
    String user =
        handshake
            .principal()
            .map(Principal::getName)
            .or(() -> handshake.query("user"))
            .orElseGet(() -> UUID.randomUUID().toString());
    return Entry.of(user, handshake.path("room").orElse("lobby"));
  }

  private JakartaChat mount(String path, Centrifuge centrifuge) {
    return JakartaChat.of(chat, path)
        .gateway(
            centrifuge
                .rpc("echo", (who, data) -> data)
                .rpc(
                    "close",
                    (who, data) -> {
                      who.disconnect(new CloseStatus(Integer.parseInt(data.text()), "as you wish"));
                      return Payload.text("{}");
                    }))
        .subprotocols(Centrifuge.subprotocols());
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(value = 2 * MINUTES, unit = TimeUnit.MINUTES)
  void theSdkTellsItsStories(Site.Kind kind) throws Exception {
    install();
    try (Site site =
        Site.start(
            kind,
            List.of(
                mount("/open", Centrifuge.on(chat)),
                mount("/token", Centrifuge.on(chat).tokens(Tokens.hs256(SECRET)))))) {
      run(INSTALLED, "node", "conformance.mjs", site.uri().toString(), SECRET);
    } finally {
      chat.close();
    }
  }

  private static synchronized void install() throws Exception {
    boolean found = runs("node", "--version") && runs("npm", "--version");
    if (!found && "true".equals(System.getenv("ROOMFUL_REQUIRE_NODE"))) {
      fail("no Node.js with npm on the path");
    }
    assumeTrue(found, "no Node.js with npm on the path: the tests with the SDK do not run");
    Files.createDirectories(INSTALLED);
    for (String file : List.of("package.json", "package-lock.json", "conformance.mjs")) {
      Files.copy(HERE.resolve(file), INSTALLED.resolve(file), REPLACE_EXISTING);
    }
    if (!Files.exists(INSTALLED.resolve("node_modules").resolve("ws"))) {
      run(INSTALLED, "npm", "ci", "--no-audit", "--no-fund");
    }
  }

  private static boolean runs(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static void run(Path where, String... command) throws Exception {
    Path log = Files.createTempFile(where, "log", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      fail(String.join(" ", command) + " does not end: " + Files.readString(log));
    }
    assertEquals(0, process.exitValue(), () -> text(log));
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
