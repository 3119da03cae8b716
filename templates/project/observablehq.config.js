import {project} from "workings/config";

export default project({title: "{{title}}"});
