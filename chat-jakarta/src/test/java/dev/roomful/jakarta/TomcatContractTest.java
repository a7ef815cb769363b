package dev.roomful.jakarta;

import dev.roomful.Chat;
import dev.roomful.testkit.Quirk;
import dev.roomful.testkit.Served;
import dev.roomful.testkit.WireContract;
import dev.roomful.testkit.WireServed;
import java.io.File;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.junit.jupiter.api.io.TempDir;

class TomcatContractTest extends WireContract {
  @TempDir Path folder;

  @Override
  protected Set<Quirk> quirks() {
    return Set.of(
        Quirk.LOSES_INPUT_AFTER_A_FAILED_WRITE,
        Quirk.TELLS_NO_CODE_AS_NORMAL,
        Quirk.RESETS_ON_ERRORS,
        Quirk.TEARS_FRAMES_ON_CLOSING);
  }

  /** The Jakarta API has no abort, and Tomcat's own timeout for a stuck write comes later. */
  @Override
  protected boolean cutsStalledReadersPromptly() {
    return false;
  }

  @Override
  protected WireServed serve(Chat chat, String path) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", new File(folder.toString()).getAbsolutePath());
    context.addServletContainerInitializer(new WsSci(), Set.of());
    JakartaChat mount = JakartaChat.of(chat, path);
    Tomcat.addServlet(context, "chat", mount.servlet()).addMapping(mount.servletMapping());
    tomcat.start();
    return Served.at(
        URI.create("ws://127.0.0.1:" + tomcat.getConnector().getLocalPort()),
        () -> {
          tomcat.stop();
          tomcat.destroy();
        });
  }
}
