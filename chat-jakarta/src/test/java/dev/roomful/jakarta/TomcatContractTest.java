package dev.roomful.jakarta;

import dev.roomful.Chat;
import dev.roomful.testkit.Quirk;
import dev.roomful.testkit.RunningServer;
import dev.roomful.testkit.RunningTransport;
import dev.roomful.testkit.WireContract;
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
        Quirk.REPORTS_MISSING_CODE_AS_NORMAL,
        Quirk.RESETS_ON_ERRORS,
        Quirk.TRUNCATES_FRAMES_ON_CLOSE);
  }

  /** The Jakarta API has no abort, and Tomcat's own timeout for a stuck write comes later. */
  @Override
  protected boolean cutsStalledReadersPromptly() {
    return false;
  }

  @Override
  protected RunningServer serve(Chat chat, String path) throws Exception {
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(folder.toString());
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    tomcat.getConnector().setProperty("maxConnections", "-1"); // by default 8,192
    Context context = tomcat.addContext("", new File(folder.toString()).getAbsolutePath());
    context.addServletContainerInitializer(new WsSci(), Set.of());
    JakartaChat mount = JakartaChat.of(chat, path);
    Tomcat.addServlet(context, "chat", mount.servlet()).addMapping(mount.servletMapping());
    tomcat.start();
    return RunningTransport.at(
        URI.create("ws://127.0.0.1:" + tomcat.getConnector().getLocalPort()),
        () -> {
          tomcat.stop();
          tomcat.destroy();
        });
  }
}
