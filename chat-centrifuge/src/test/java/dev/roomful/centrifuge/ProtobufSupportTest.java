package dev.roomful.centrifuge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.roomful.Chat;
import dev.roomful.RoomHandler;
import dev.roomful.testing.TestChat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Programs with and without a Protobuf runtime that fits. */
class ProtobufSupportTest {
  /** Loads the library and the Protobuf runtime anew, without some classes. */
  private static final class FilteringClassLoader extends ClassLoader {
    private final Predicate<String> absent;

    FilteringClassLoader(Predicate<String> absent) {
      super(ProtobufSupportTest.class.getClassLoader());
      this.absent = absent;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (absent.test(name)) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.roomful.") && !name.startsWith("com.google.protobuf.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? define(name) : loaded;
      }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
  }

  /** Connects a JSON client and returns what it received, after the subprotocols. */
  public static final class Program implements Callable<List<String>> {
    @Override
    public List<String> call() {
      try (TestChat chat =
          TestChat.of(
              Chat.builder(new RoomHandler() {})
                  .authenticator(
                      handshake ->
                          dev.roomful.admission.AcceptedAdmission.of(
                              "alice", handshake.path("room").orElse("lobby"))))) {
        Centrifuge gateway = Centrifuge.on(chat.chat());
        CentrifugeTestClient alice =
            CentrifugeTestClient.of(gateway, "alice").connect().subscribe("lobby");
        alice.send("{\"id\":3,\"publish\":{\"channel\":\"lobby\",\"data\":1}}");
        return List.of(
            String.join(" ", gateway.subprotocols()),
            alice.received().get(1),
            gateway
                .subprotocolRejection(List.of("centrifuge-protobuf"))
                .map(dev.roomful.admission.Rejection::reason)
                .orElse("none"));
      }
    }
  }

  private static Object runWithout(Predicate<String> absent) throws Exception {
    Class<?> program =
        Class.forName(Program.class.getName(), true, new FilteringClassLoader(absent));
    return assertInstanceOf(Callable.class, program.getDeclaredConstructor().newInstance()).call();
  }

  @Test
  void bothFormsAreOfferedWithTheRuntime() throws Exception {
    assertEquals(
        List.of("centrifuge-protobuf centrifuge-json", "{\"id\":3,\"publish\":{}}", "none"),
        runWithout(name -> false));
  }

  @Test
  void jsonClientsNeedNoProtobufOnTheClassPath() throws Exception {
    assertEquals(
        List.of(
            "centrifuge-json",
            "{\"id\":3,\"publish\":{}}",
            "the client asks for centrifuge-protobuf, but the server has no protobuf-java on its"
                + " class path: add com.google.protobuf:protobuf-java there, or let the client use"
                + " centrifuge-json"),
        runWithout(name -> name.startsWith("com.google.protobuf.")));
  }

  @Test
  void aRuntimeThatIsOlderThanTheGeneratedCodeFailsAtStartUp() {
    Exception failure =
        assertThrows(
            Exception.class,
            () -> runWithout(name -> name.startsWith("com.google.protobuf.RuntimeVersion")));
    assertEquals(IllegalStateException.class, failure.getClass());
    assertTrue(
        String.valueOf(failure.getMessage()).startsWith("The protobuf-java on the class path"),
        failure.toString());
  }

  /** The build runs this class twice: with the newest runtime and with the oldest supported one. */
  @Test
  void theRuntimeIsTheOneThatTheBuildMeans() throws Exception {
    Class<?> version = Class.forName("com.google.protobuf.RuntimeVersion");
    assertEquals(
        System.getProperty("roomful.protobuf"),
        version.getField("MAJOR").getInt(null)
            + "."
            + version.getField("MINOR").getInt(null)
            + "."
            + version.getField("PATCH").getInt(null));
  }
}
